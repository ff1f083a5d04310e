#include "bad.h"

GOOD_CREATE
START((void)run)
PLUGIN("test.never-finishes")
