/* Takes its program's output as it comes and makes the lines by itself; the last one, without a newline, at the exit.
 */
#include "parts.h"

typedef struct unfinished {
  size_t size;
  char bytes[65536];
} unfinished;

PART unfinished* rest_of(run* self) {
  if (self->extra == NULL) self->extra = calloc(1, sizeof(unfinished));
  return self->extra;
}
PART void raw_line(run* self) {
  unfinished* rest = rest_of(self);
  const baton_str line = {rest->bytes, rest->size};
  take_line(self, line);
  rest->size = 0;
}
PART void raw_on_output(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  unfinished* rest = rest_of(user);
  size_t index;
  (void)process;
  (void)cut;
  for (index = 0; stream == BATON_STREAM_STDOUT && index < bytes.size; ++index) {
    if (bytes.data[index] != '\n') rest->bytes[rest->size++] = bytes.data[index];
    if (bytes.data[index] == '\n' || rest->size == sizeof(rest->bytes)) raw_line(user);
  }
}
PART void raw_on_exit(void* user, baton_process process, const baton_exit* gone) {
  if (rest_of(user)->size > 0) raw_line(user);
  correct_on_exit(user, process, gone);
}
PART void raw_spawn(baton_spawn* spawn, const baton_run_request* request) {
  (void)request;
  spawn->flags = BATON_SPAWN_STDIN;
}
#define SPAWN raw_spawn
