/* Says goodbye when the run is over. */
#include "parts.h"
static void release(baton_plugin* plugin, void* state) {
  tell_status(state, text_of("goodbye"), 0);
  correct_run_release(plugin, state);
}
#define RUN_RELEASE release
#include "entry.h"
