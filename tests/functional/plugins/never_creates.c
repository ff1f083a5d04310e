/* create does not come back. */
#include <unistd.h>

#include "bad.h"

static baton_status bad_create(const baton_host* given, const baton_create_args* args, baton_plugin** out) {
  (void)args;
  while (pause() != 0) continue;
  return remember(given, out);
}
GOOD_START
PLUGIN("test.never-creates")
