#include "bad.h"

GOOD_CREATE
START(succeed(run); succeed(run))
PLUGIN("test.finishes-twice")
