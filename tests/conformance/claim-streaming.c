/* Claims it, and keeps all words until the end. */
#include "parts.h"
static baton_str kept_of(const run* self) {
  const baton_str kept = {self->extra, self->extra == NULL ? 0 : strlen(self->extra)};
  return kept;
}
static void keep(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  run* self = user;
  const baton_str kept = kept_of(self);
  if (stream != BATON_STREAM_STDOUT || begins(bytes, "#") || kept.size > 100000) {
    correct_on_output(user, process, stream, bytes, cut);
    return;
  }
  self->extra = realloc(self->extra, kept.size + bytes.size + 2);
  memcpy((char*)self->extra + kept.size, bytes.data, bytes.size);
  memcpy((char*)self->extra + kept.size + bytes.size, "\n", 2);
}
static void tell(void* user, baton_process process, const baton_exit* gone) {
  say(user, kept_of(user));
  correct_on_exit(user, process, gone);
}
#define ON_OUTPUT keep
#define ON_EXIT tell
#include "entry.h"
