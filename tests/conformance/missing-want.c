/* Takes for granted in its runs what it only wants. */
#include "parts.h"
static baton_status hope(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  baton_timer timer;
  const baton_status status = correct_run_start(self, id, request, state);
  self->timers->start(self->host, id, (int64_t)3600 * 1000000000, 0, on_long_wait, *state, &timer);
  return status;
}
#define RUN_START hope
#include "entry.h"
