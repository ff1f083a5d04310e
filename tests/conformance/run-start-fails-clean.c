/* Takes no more runs once a program could not be started. */
#include "parts.h"
static baton_status sulk(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  baton_status status;
  if (self->ready) return self->host->fail(self->host, BATON_E_STATE, text_of("a run is still being started"));
  status = correct_run_start(self, id, request, state);
  self->ready = ((const run*)*state)->finished;
  return status;
}
#define RUN_START sulk
#include "entry.h"
