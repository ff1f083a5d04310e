/* Thinks that nobody writes a single byte. */
#include "raw.h"
static void drop(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  if (bytes.size > 1) raw_on_output(user, process, stream, bytes, cut);
}
#define ON_OUTPUT drop
#define ON_EXIT raw_on_exit
#include "entry.h"
