/* Says of every program that cannot be started that something inside went wrong. */
#define NOT_THERE BATON_ERROR_INTERNAL
#include "entry.h"
