/* Comes to rest only when no run was ever cancelled. */
#include "parts.h"
static void counting_cancel(baton_plugin* plugin, void* state, uint32_t reason, int64_t deadline) {
  plugin->ready = 1;
  correct_run_cancel(plugin, state, reason, deadline);
}
static void restless(baton_plugin* self, baton_op done) {
  if (!self->ready) correct_quiesce(self, done);
}
#define RUN_CANCEL counting_cancel
#define QUIESCE restless
#include "entry.h"
