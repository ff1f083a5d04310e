/* Takes a word in mid-run, and does nothing with it. */
#include "full.h"
static baton_status input(baton_plugin* plugin, void* state, const baton_run_input* given) {
  return given->mode == BATON_INPUT_STEER ? BATON_OK : correct_run_input(plugin, state, given);
}
#define RUN_INPUT input
#include "entry.h"
