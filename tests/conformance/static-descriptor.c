/* Opens a file when it is loaded. */
#include <fcntl.h>
#include "entry.h"
int opened_at_load;
static __attribute__((constructor)) void prepare(void) { opened_at_load = open("/dev/null", O_RDONLY); }
