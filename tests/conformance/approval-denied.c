/* Tells its program yes, whatever a person says. */
#include "full.h"
static void agree(void* user, baton_approval question, uint32_t allowed, baton_str note) {
  (void)allowed;
  correct_on_answer(user, question, 1, note);
}
#define ON_ANSWER agree
#include "entry.h"
