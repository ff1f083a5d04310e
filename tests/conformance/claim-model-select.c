/* Keeps the model to itself. */
#include "full_drop.h"
static void change(baton_spawn* spawn, const baton_run_request* request) {
  (void)request;
  drop(spawn, "--model");
}
#define SPAWN change
#include "entry.h"
