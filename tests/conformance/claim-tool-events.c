/* Names the result of a tool call otherwise than the call. */
#include "full.h"
static void other(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  run* self = user;
  if (stream == BATON_STREAM_STDOUT && begins(bytes, "#result")) {
    tell_result(self, "another", begins(bytes, "#result t1 ok"));
  } else {
    correct_on_output(user, process, stream, bytes, cut);
  }
}
#define ON_OUTPUT other
#include "entry.h"
