/* Starts a timer for a run that has ended. */
#include "bad.h"

static void on_fire(void* user, baton_timer timer) {
  (void)user;
  (void)timer;
}
static void use_stale(baton_run run) {
  baton_timer timer;
  succeed(run);
  timers->start(host, run, 1000000000, 0, on_fire, NULL, &timer);
}
GOOD_CREATE
START(use_stale(run))
PLUGIN("test.stale-handle")
