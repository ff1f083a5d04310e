/* Loses a last line that has no newline. */
#include "raw.h"
#define ON_OUTPUT raw_on_output
#include "entry.h"
