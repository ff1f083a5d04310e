/* Passes on the first server only. */
#include "full.h"
static baton_status start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  baton_run_request less = *request;
  if (less.mcp_count > 1) less.mcp_count = 1;
  return correct_run_start(self, id, &less, state);
}
#define RUN_START start
#include "entry.h"
