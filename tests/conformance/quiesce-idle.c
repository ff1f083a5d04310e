/* Comes to rest only when it had a run before. */
#include "parts.h"
static baton_status noting_start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  self->ready = 1;
  return correct_run_start(self, id, request, state);
}
static void restless(baton_plugin* self, baton_op done) {
  if (self->ready) correct_quiesce(self, done);
}
#define RUN_START noting_start
#define QUIESCE restless
#include "entry.h"
