/* Makes up a new entry each time. */
#define ENTRY
#include "entry.h"
const baton_entry* baton_plugin_entry_v1(void) {
  static baton_entry made[64];
  static unsigned count;
  made[count % 64] = correct_entry;
  return &made[count++ % 64];
}
