/* Opens a file in the first runs of each instance and never closes it. */
#include <fcntl.h>

#include "parts.h"
static baton_status start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  if (++self->ready <= 3 && open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) return BATON_E_IO;
  return correct_run_start(self, id, request, state);
}
#define RUN_START start
#include "entry.h"
