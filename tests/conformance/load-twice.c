/* Was linked not to be loaded by a running program (CMakeLists.txt). */
#include "entry.h"
