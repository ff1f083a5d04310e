/* Reports each line in two halves, wherever they meet. */
#include "parts.h"
static void halve(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  const baton_str half = {bytes.data, bytes.size / 3};
  if (stream != BATON_STREAM_STDOUT || begins(bytes, "#") || cut != 0) {
    correct_on_output(user, process, stream, bytes, cut);
  } else {
    say(user, half);
    say(user, without(bytes, half.size));
    say(user, text_of("\n"));
  }
}
#define ON_OUTPUT halve
#include "entry.h"
