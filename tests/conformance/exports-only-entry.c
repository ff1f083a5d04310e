/* Exports a second symbol. */
#include "entry.h"
BATON_EXPORT int helper(void);
int helper(void) { return 1; }
