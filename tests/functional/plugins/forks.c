/* Forks; the child would go on as a second daemon. */
#include <unistd.h>

#include "bad.h"

GOOD_CREATE
START((void)fork(); succeed(run))
PLUGIN("test.forks")
