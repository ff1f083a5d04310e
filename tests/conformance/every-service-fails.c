/* Knows only one way in which a program cannot be started. */
#include "parts.h"
static baton_status trust(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  run* made = make_run(self, id, request);
  *state = made;
  if (start_agent(made, &correct_events, request) == BATON_E_NOT_FOUND) {
    finish_with(made, BATON_RESULT_FAILED, BATON_ERROR_NOT_INSTALLED, "the agent is not there");
    return BATON_OK;
  }
  write_prompt(made);
  return BATON_OK;
}
#define RUN_START trust
#include "entry.h"
