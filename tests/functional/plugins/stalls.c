/* run_start does not come back. */
#include <unistd.h>

#include "bad.h"

GOOD_CREATE
START(while (pause() != 0) continue)
PLUGIN("test.stalls")
