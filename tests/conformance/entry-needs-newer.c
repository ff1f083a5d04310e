/* Needs a newer daemon than there is. */
#define ENTRY
#include "entry.h"
const baton_entry* baton_plugin_entry_v1(void) {
  static const baton_entry newer = {
      BATON_ENTRY_MAGIC, sizeof(baton_entry), BATON_ABI_MAJOR, 99, 99, 0, &DESCRIPTOR, CREATE, QUIESCE, DESTROY,
      EXTENSION};
  return &newer;
}
