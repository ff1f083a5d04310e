/* Sleeps in each on_output: what takes long must be said soon (test_program.py). */
#include "parts.h"

#include <time.h>

static void sleepy(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  const struct timespec pause = {0, 200000000};
  nanosleep(&pause, NULL);
  correct_on_output(user, process, stream, bytes, cut);
}
#define ON_OUTPUT sleepy
#include "entry.h"
