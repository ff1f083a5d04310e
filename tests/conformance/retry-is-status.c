/* Waits for a rate limit without a word. */
#include "parts.h"
static void other(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  run* self = user;
  if (stream == BATON_STREAM_STDOUT && begins(bytes, "#retry")) {
    tell_status(self, text_of("waiting"), 0);
  } else {
    correct_on_output(user, process, stream, bytes, cut);
  }
}
#define ON_OUTPUT other
#include "entry.h"
