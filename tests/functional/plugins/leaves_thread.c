/* Leaves a thread behind. */
#include <pthread.h>
#include <unistd.h>

#include "bad.h"

static void* stay(void* nothing) {
  for (;;) pause();
  return nothing;
}
static void leave(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, stay, NULL);
}
GOOD_CREATE
START(leave(); succeed(run))
PLUGIN("test.leaves-thread")
