/* Has a thread that nobody waits for. */
#include <pthread.h>
#include <unistd.h>

#include "parts.h"
static void* work(void* nothing) {
  for (;;) pause();
  return nothing;
}
static baton_status create(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL) != 0) return BATON_E_INTERNAL;
  pthread_detach(thread);
  return correct_create(host, args, out);
}
#define CREATE create
#include "entry.h"
