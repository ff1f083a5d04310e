/* Thinks that a program which has said its last word needs no end. */
#include "parts.h"
static void hear(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  run* self = user;
  if (begins(bytes, "#done")) self->heard = 1;
  correct_on_output(user, process, stream, bytes, cut);
}
static void sure(baton_plugin* plugin, void* state, uint32_t reason, int64_t deadline) {
  const run* self = state;
  if (!self->heard) correct_run_cancel(plugin, state, reason, deadline);
}
#define ON_OUTPUT hear
#define RUN_CANCEL sure
#include "entry.h"
