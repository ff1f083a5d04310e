/* Crashes in a constructor, but not in the probe: only where the marker is told to go (BAD_ON_LOAD in the environment,
 * which probes are not given). */
#include <stdlib.h>

#include "bad.h"

__attribute__((constructor)) static void crash(void) {
  if (getenv("BAD_ON_LOAD") != NULL) abort();
}
GOOD_CREATE
GOOD_START
PLUGIN("test.crashes-on-load")
