/* Begins anew instead of going on with a session. */
#include "full_drop.h"
static void change(baton_spawn* spawn, const baton_run_request* request) {
  (void)request;
  drop(spawn, "--session");
}
#define SPAWN change
#include "entry.h"
