/* Emits 100 MiB in one call, whatever it is answered. */
#include "bad.h"

static void emit_much(baton_run run) {
  static char megabyte[1000 * 1000];
  const baton_str text = {megabyte, sizeof(megabyte)};
  int count;
  memset(megabyte, 'x', sizeof(megabyte));
  for (count = 0; count < 105; ++count) say(run, text);
}
GOOD_CREATE
START(emit_much(run); succeed(run))
PLUGIN("test.emits-much")
