/* Crashes when it is loaded. */
#include <signal.h>
#include "entry.h"
static __attribute__((constructor)) void crash(void) { raise(SIGSEGV); }
