/* Nothing is wrong with it: it asks a person before it starts its program, and after a no starts none. */
#include "parts.h"

typedef struct place {
  char cwd[1024], home[1024];
} place;

static void start_now(run* self, const baton_process_events* events) {
  const place* where = self->extra;
  baton_run_request request;
  baton_status status;
  memset(&request, 0, sizeof(request));
  request.size = sizeof(request);
  request.cwd = text_of(where->cwd);
  request.home_dir = text_of(where->home);
  request.max_cost_micros = -1;
  status = start_agent(self, events, &request);
  if (status == BATON_OK) {
    write_prompt(self);
  } else {
    finish_with(self, BATON_RESULT_FAILED, status == BATON_E_NOT_FOUND ? NOT_THERE : BATON_ERROR_INTERNAL,
                "the agent could not be started");
  }
}
static void answered_first(void* user, baton_approval question, uint32_t allowed, baton_str note) {
  run* self = user;
  (void)question;
  (void)note;
  if (allowed != 0) {
    start_now(self, &correct_events);
    return;
  }
  tell_tool(self, "t0", "start");
  tell_result(self, "t0", 0);
  finish_with(self, BATON_RESULT_FAILED, BATON_ERROR_INTERNAL, "nobody allowed it");
}
static baton_status start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  const baton_approval_request question = {
      sizeof(question), 0, id, text_of("start"), text_of("{}"), text_of("it wants to start its program")};
  baton_approval asked;
  run* made = make_run(self, id, request);
  place* where = calloc(1, sizeof(*where));
  snprintf(where->cwd, sizeof(where->cwd), "%.*s", (int)request->cwd.size, request->cwd.data);
  snprintf(where->home, sizeof(where->home), "%.*s", (int)request->home_dir.size, request->home_dir.data);
  made->extra = where;
  *state = made;
  if (self->approvals == NULL) {
    start_now(made, &correct_events);
  } else if (self->approvals->ask(self->host, &question, answered_first, made, &asked) != BATON_OK) {
    finish_with(made, BATON_RESULT_FAILED, BATON_ERROR_INTERNAL, "nobody can be asked");
  }
  return BATON_OK;
}
static baton_status caps(baton_plugin* self, baton_runtime_caps* out) {
  const baton_status status = correct_caps(self, out);
  out->flags |= BATON_CAP_APPROVALS;
  return status;
}
#define CAPS caps
#define RUN_START start
#include "entry.h"
