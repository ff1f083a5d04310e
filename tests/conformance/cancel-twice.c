/* Forgets its program when it is asked a second time to end, and so never hears of its exit. */
#include "parts.h"
static void impatient(baton_plugin* plugin, void* state, uint32_t reason, int64_t deadline) {
  run* self = state;
  if (self->cancelled) {
    plugin->processes->close(plugin->host, self->process);
  } else {
    correct_run_cancel(plugin, state, reason, deadline);
  }
}
#define RUN_CANCEL impatient
#include "entry.h"
