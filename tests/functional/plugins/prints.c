/* Writes to stdout. */
#include <stdio.h>

#include "bad.h"

GOOD_CREATE
START(printf("hello from a plugin\n"); succeed(run))
PLUGIN("test.prints")
