/* Emits after finish. */
#include "bad.h"

GOOD_CREATE
START(succeed(run); say(run, str("too late")))
PLUGIN("test.emits-late")
