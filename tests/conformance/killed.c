/* Looks at the exit status only, which a killed program does not have. */
#include "parts.h"
static void hopeful(void* user, baton_process process, const baton_exit* gone) {
  run* self = user;
  if (gone->signal != 0 && !self->cancelled) {
    finish_with(self, BATON_RESULT_SUCCESS, BATON_ERROR_NONE, "");
  } else {
    correct_on_exit(user, process, gone);
  }
}
#define ON_EXIT hopeful
#include "entry.h"
