/* Leaves a thread behind that goes on to use the host: in its first run, in a create that fails (LEAVE_IN_CREATE), or
 * in a create after which caps fails (LEAVE_BEFORE_CAPS). Each round of the thread adds a byte to the file "rounds". */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <baton/ext/wakeup.h>

static int caps_fail;
#define BAD_CAPS (caps_fail ? BATON_E_INTERNAL : BATON_OK)
#include "bad.h"

/* Of one thread: another instance does not change it. */
struct stays {
  const baton_host* host;
  const baton_host_wakeup* wakeups;
  baton_wakeup bell;
  int rounds;
};
static struct stays* next;

static void on_wake(void* nothing) { (void)nothing; }

static void* stay(void* user) {
  const struct stays* self = user;
  for (;;) {
    self->host->log(self->host, BATON_LOG_INFO, str("still here"), NULL, 0);
    self->wakeups->signal(self->host, self->bell);
    if (write(self->rounds, "x", 1) != 1) abort();
    usleep(2000);
  }
  return NULL;
}
static void leave(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, stay, next) != 0) abort();
}

static baton_status bad_create(const baton_host* given, const baton_create_args* args, baton_plugin** out) {
  char name[4096];
  next = calloc(1, sizeof(*next));
  next->host = given;
  next->wakeups = (const baton_host_wakeup*)given->extension(given, BATON_EXT_WAKEUP);
  snprintf(name, sizeof(name), "%.*s/rounds", (int)args->data_dir.size, args->data_dir.data);
  next->rounds = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  remember(given, out);
  if (next->wakeups->create(given, on_wake, NULL, &next->bell) != BATON_OK) return BATON_OK; /* only tried */
#if defined(LEAVE_IN_CREATE) || defined(LEAVE_BEFORE_CAPS)
  leave();
#endif
#ifdef LEAVE_IN_CREATE
  *out = NULL;
  return given->fail(given, BATON_E_UNSUPPORTED, str("not here"));
#endif
#ifdef LEAVE_BEFORE_CAPS
  caps_fail = 1;
#endif
  return BATON_OK;
}
START(leave(); succeed(run))
PLUGIN(THE_ID)
