/* Looks for its libraries below the working directory (CMakeLists.txt). */
#include "entry.h"
