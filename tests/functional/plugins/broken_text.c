/* Sends bytes that are no UTF-8. */
#include "bad.h"

GOOD_CREATE
START(say(run, str("a\xff\xc3(")); succeed(run))
PLUGIN("test.broken-text")
