/* Leaves a timer of the instance behind with each of its first runs. */
#include "parts.h"
static void nothing(void* user, baton_timer timer) {
  (void)user;
  (void)timer;
}
static const baton_run nobody;
static baton_status start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  baton_timer timer;
  if (++self->ready <= 30 && self->timers != NULL)
    self->timers->start(self->host, nobody, (int64_t)86400 * 30 * 1000000000, 0, nothing, self, &timer);
  return correct_run_start(self, id, request, state);
}
#define RUN_START start
#include "entry.h"
