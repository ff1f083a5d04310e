/* Reports a branch of a session under the session's own token. */
#include "full.h"
static baton_status start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  const baton_status status = correct_run_start(self, id, request, state);
  ((run*)*state)->heard = request->mode == BATON_RUN_FORK;
  return status;
}
static void same(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  const run* self = user;
  if (self->heard && begins(bytes, "#session")) {
    tell_session(self, text_of("first-session"));
  } else {
    correct_on_output(user, process, stream, bytes, cut);
  }
}
#define RUN_START start
#define ON_OUTPUT same
#include "entry.h"
