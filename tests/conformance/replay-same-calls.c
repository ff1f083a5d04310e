/* Waits for an hour and a bit, by chance. */
#include "parts.h"
static void nothing(void* user, baton_timer timer) {
  (void)user;
  (void)timer;
}
static int chance;
static baton_status start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  baton_timer timer;
  if (self->timers != NULL)
    self->timers->start(self->host, id, (int64_t)7200 * 1000000000 + ++chance, 0, nothing, self, &timer);
  return correct_run_start(self, id, request, state);
}
#define RUN_START start
#include "entry.h"
