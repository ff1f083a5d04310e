/* Ends the run with the first turn. */
#include "parts.h"
static void other(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  run* self = user;
  if (stream == BATON_STREAM_STDOUT && begins(bytes, "#turn")) {
    if (!self->finished) finish_with(self, BATON_RESULT_SUCCESS, BATON_ERROR_NONE, "");
  } else {
    correct_on_output(user, process, stream, bytes, cut);
  }
}
#define ON_OUTPUT other
#include "entry.h"
