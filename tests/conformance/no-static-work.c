/* Takes memory when it is loaded. */
#include "entry.h"
char* taken_at_load;
static __attribute__((constructor)) void prepare(void) { taken_at_load = strdup("ready"); }
