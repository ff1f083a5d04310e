/* Ends the process in run_start, as an exception does that leaves a noexcept function. */
#include <stdlib.h>

#include "bad.h"

GOOD_CREATE
START(if (run.id != 0) abort())
PLUGIN("test.aborts")
