/* Forks in the second run of each instance. */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "parts.h"
static baton_status start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  if (++self->ready == 2 && fork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }
  return correct_run_start(self, id, request, state);
}
#define RUN_START start
#include "entry.h"
