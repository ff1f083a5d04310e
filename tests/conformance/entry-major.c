/* Was built for another ABI. */
#define ENTRY
#include "entry.h"
const baton_entry* baton_plugin_entry_v1(void) {
  static const baton_entry other = {
      BATON_ENTRY_MAGIC, sizeof(baton_entry), 2, 0, 0, 0, &DESCRIPTOR, CREATE, QUIESCE, DESTROY, EXTENSION};
  return &other;
}
