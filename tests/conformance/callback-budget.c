/* Looks at each byte of the prompt very often. */
#include "parts.h"
static baton_status start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  volatile unsigned sum = 0;
  size_t index, round;
  for (round = 0; request->prompt_turn.size > 500000 && round < 200; ++round)
    for (index = 0; index < request->prompt_turn.size; ++index) sum += (unsigned char)request->prompt_turn.data[index];
  return correct_run_start(self, id, request, state);
}
#define RUN_START start
#include "entry.h"
