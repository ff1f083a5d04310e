/* Does not end a run whose time is over. */
#include "parts.h"
static void patient(baton_plugin* plugin, void* state, uint32_t reason, int64_t deadline) {
  if (reason != BATON_CANCEL_TIME) correct_run_cancel(plugin, state, reason, deadline);
}
#define RUN_CANCEL patient
#include "entry.h"
