/* Gives its table for a later revision of it too. */
#include "parts.h"
static const void* generous(const char* id);
#define EXTENSION generous
#include "entry.h"
static const void* generous(const char* id) {
  return strcmp(id, "baton.runtime/2") == 0 ? &correct_table : correct_extension(id);
}
