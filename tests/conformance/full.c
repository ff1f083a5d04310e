/* Nothing is wrong with it, and it claims everything. */
#include "full.h"

#include "entry.h"
