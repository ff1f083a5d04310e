/* Takes a limit for a fault. */
#include "parts.h"
static void other(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  run* self = user;
  if (stream == BATON_STREAM_STDOUT && begins(bytes, "#limit")) {
    self->error_class = BATON_ERROR_QUOTA;
  } else {
    correct_on_output(user, process, stream, bytes, cut);
  }
}
#define ON_OUTPUT other
#include "entry.h"
