/* Claims everything, and can forget an option of its program. */
#include "full.h"

/* Takes an option and its value out of the arguments. */
PART void drop(baton_spawn* spawn, const char* option) {
  baton_str* arguments = (baton_str*)spawn->argv;
  size_t from, to = 0;
  for (from = 0; from < spawn->argc; ++from) {
    if (begins(arguments[from], option)) {
      ++from;
    } else {
      arguments[to++] = arguments[from];
    }
  }
  spawn->argc = to;
}
