/* Binds its symbols late (CMakeLists.txt). */
#include "entry.h"
