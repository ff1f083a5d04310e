/* create comes back in the trial, and not in the daemon: it tells them apart by the host's tables. */
#include <unistd.h>

#include "bad.h"

static baton_status bad_create(const baton_host* given, const baton_create_args* args, baton_plugin** out) {
  baton_timer timer;
  const baton_run none = {0};
  (void)args;
  remember(given, out);
  if (timers->start(host, none, 0, 0, NULL, NULL, &timer) == BATON_E_STATE) return BATON_OK;
  while (pause() != 0) continue;
  return BATON_OK;
}
GOOD_START
PLUGIN("test.hangs-here")
