/* Takes exit status 0 for success, whoever asked for the end. */
#include "parts.h"
static void simple(void* user, baton_process process, const baton_exit* gone) {
  run* self = user;
  if (self->cancelled && gone->code == 0) {
    finish_with(self, BATON_RESULT_SUCCESS, BATON_ERROR_NONE, "");
  } else {
    correct_on_exit(user, process, gone);
  }
}
#define ON_EXIT simple
#include "entry.h"
