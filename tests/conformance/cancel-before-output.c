/* Does not hear a person's cancel before its program has said a word. */
#include "parts.h"
static void hear(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  run* self = user;
  self->heard = 1;
  correct_on_output(user, process, stream, bytes, cut);
}
static void late(baton_plugin* plugin, void* state, uint32_t reason, int64_t deadline) {
  const run* self = state;
  if (self->heard || reason != BATON_CANCEL_USER) correct_run_cancel(plugin, state, reason, deadline);
}
#define ON_OUTPUT hear
#define RUN_CANCEL late
#include "entry.h"
