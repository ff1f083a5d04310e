/* Counts heap allocations of a whole process, to be preloaded.
 *
 *   LD_PRELOAD=.../libcount_allocations.so BATON_ALLOCATIONS=FILE batond …
 *
 * FILE, of at least 16 bytes, is mapped by the process and by whoever watches it: two 64-bit counters, which only grow.
 * The first is of the main thread, on which requests are served; the second is of all others, among them the one that
 * writes to the database. What counts is a call that may have to find memory: malloc, calloc, realloc and the aligned
 * forms; operator new and SQLite come by one of them. Freeing is not counted.
 *
 * A name that cannot be mapped ends the program: a count of nothing would only look good. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's own, under the names that are not ours: no search for "the next malloc", which allocates itself. */
extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);

static uint64_t unwatched[2];
static uint64_t* counters = unwatched;
static __thread int is_main __attribute__((tls_model("initial-exec")));

__attribute__((constructor)) static void prepare(void) {
  is_main = 1;
  const char* name = getenv("BATON_ALLOCATIONS");
  if (name == NULL) return;
  const int file = open(name, O_RDWR | O_CLOEXEC);
  void* place = file < 0 ? MAP_FAILED : mmap(NULL, sizeof unwatched, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (place == MAP_FAILED) {
    fprintf(stderr, "count_allocations: %s: %s\n", name, strerror(errno));
    _exit(64);
  }
  close(file);
  counters = place;
}

static void count(void) { __atomic_fetch_add(&counters[is_main ? 0 : 1], 1, __ATOMIC_RELAXED); }

void* malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void* calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

void* realloc(void* old, size_t size) {
  count();
  return __libc_realloc(old, size);
}

void* memalign(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void** place, size_t alignment, size_t size) {
  const int is_power_of_two = alignment != 0 && (alignment & (alignment - 1)) == 0;
  if (!is_power_of_two || alignment % sizeof(void*) != 0) return EINVAL;
  void* found = memalign(alignment, size);
  if (found == NULL) return ENOMEM;
  *place = found;
  return 0;
}
