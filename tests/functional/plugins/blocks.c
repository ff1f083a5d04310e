/* Blocks the thread for a second. */
#include <time.h>

#include "bad.h"

static void block(void) {
  struct timespec left = {1, 0};
  while (nanosleep(&left, &left) != 0) continue;
}
GOOD_CREATE
START(block(); succeed(run))
PLUGIN("test.blocks")
