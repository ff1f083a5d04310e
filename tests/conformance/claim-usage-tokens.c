/* Reports what each turn has cost instead of all together. */
#include "full.h"
static void other(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  run* self = user;
  if (stream == BATON_STREAM_STDOUT && begins(bytes, "#usage 20 5 700")) {
    tell_usage(self, 5, 3, 700);
  } else {
    correct_on_output(user, process, stream, bytes, cut);
  }
}
#define ON_OUTPUT other
#include "entry.h"
