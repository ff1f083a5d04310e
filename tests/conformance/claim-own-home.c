/* Lets its program live in everybody's home. */
#include "full.h"
static void change(baton_spawn* spawn, const baton_run_request* request) {
  (void)request;
  spawn->env_count = 0;
}
#define SPAWN change
#include "entry.h"
