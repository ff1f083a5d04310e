/* A slower disk, to be preloaded: fsync() and fdatasync() take BATON_SLOW_FLUSH_MS milliseconds longer.
 *
 *   LD_PRELOAD=.../libslow_flush.so BATON_SLOW_FLUSH_MS=2 batond …
 *
 * The flushes of a virtual disk cost tens of microseconds, those of a real one 0.1 to 10 ms; what a design is worth is
 * seen with the latter. The real flush is done first, and the wait comes on top of it. Without the variable nothing is
 * added; a value that is no number ends the program, since a measurement without its delay would only look good. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int (*flush_function)(int);

static flush_function real_fsync;
static flush_function real_fdatasync;
static struct timespec delay;

static flush_function find(const char* name) {
  /* ISO C has no conversion from an object pointer to a function; POSIX promises that the bits are the same. */
  union {
    void* object;
    flush_function function;
  } found;
  found.object = dlsym(RTLD_NEXT, name);
  if (found.object == NULL) abort();
  return found.function;
}

__attribute__((constructor)) static void prepare(void) {
  real_fsync = find("fsync");
  real_fdatasync = find("fdatasync");
  const char* text = getenv("BATON_SLOW_FLUSH_MS");
  if (text == NULL) return;
  char* end = NULL;
  const double ms = strtod(text, &end);
  if (end == text || *end != '\0' || !(ms >= 0 && ms <= 60000)) {
    fprintf(stderr, "slow_flush: BATON_SLOW_FLUSH_MS is not a number of milliseconds: %s\n", text);
    _exit(64);
  }
  delay.tv_sec = (time_t)(ms / 1000);
  delay.tv_nsec = (long)((ms - 1000 * (double)delay.tv_sec) * 1e6);
}

static int slowly(flush_function flush, int descriptor) {
  const int result = flush(descriptor);
  const int error = errno;
  struct timespec left = delay;
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
  errno = error;
  return result;
}

int fsync(int descriptor) { return slowly(real_fsync, descriptor); }
int fdatasync(int descriptor) { return slowly(real_fdatasync, descriptor); }
