/* Makes its files private for everybody. */
#include <sys/stat.h>

#include "parts.h"
static baton_status start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  umask(077);
  return correct_run_start(self, id, request, state);
}
#define RUN_START start
#include "entry.h"
