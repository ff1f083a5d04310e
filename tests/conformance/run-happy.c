/* Keeps some words of its program to itself. */
#include "parts.h"
static void deaf(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  if (!begins(bytes, "all is well")) correct_on_output(user, process, stream, bytes, cut);
}
#define ON_OUTPUT deaf
#include "entry.h"
