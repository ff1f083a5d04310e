/* Compares the beginning of an id only. */
#include "parts.h"
static const void* hasty(const char* id);
#define EXTENSION hasty
#include "entry.h"
static const void* hasty(const char* id) {
  return strncmp(id, BATON_EXT_RUNTIME, strlen(BATON_EXT_RUNTIME)) == 0 ? &correct_table : NULL;
}
