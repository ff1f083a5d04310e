/* Nothing is wrong with it. */
#include "entry.h"
