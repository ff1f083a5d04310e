/* Crashes in a static constructor, wherever it is loaded. */
#include <stdlib.h>

#include "bad.h"

__attribute__((constructor)) static void crash(void) { abort(); }
GOOD_CREATE
GOOD_START
PLUGIN("test.crashes-static")
