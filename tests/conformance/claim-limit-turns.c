/* Keeps the limit of turns to itself. */
#include "full_drop.h"
static void change(baton_spawn* spawn, const baton_run_request* request) {
  (void)request;
  drop(spawn, "--max-turns");
}
#define SPAWN change
#include "entry.h"
