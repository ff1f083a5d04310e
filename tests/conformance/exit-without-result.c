/* Fails without a class when its program exits with 1. */
#define EXITED_WITH_1 BATON_ERROR_NONE
#include "entry.h"
