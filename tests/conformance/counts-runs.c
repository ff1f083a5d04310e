/* Nothing is wrong with it: it counts its runs in its store, and reports the count. */
#define WANTS BATON_EXT_TIMER, BATON_EXT_APPROVAL, BATON_EXT_STORE, NULL
#include <baton/ext/store.h>
#include "parts.h"

static void count_run(const baton_plugin* self, char* out, size_t size) {
  const baton_host_store* store = self->host->extension(self->host, BATON_EXT_STORE);
  baton_str value = {"", 0};
  int count = 0;
  if (store != NULL && BATON_HAS(store, get) && store->get(self->host, text_of("runs"), &value) == BATON_OK) {
    snprintf(out, size, "%.*s", (int)(value.size < 9 ? value.size : 9), value.data);
    count = atoi(out);
  }
  snprintf(out, size, "%d", count + 1);
  if (store != NULL && BATON_HAS(store, put)) store->put(self->host, text_of("runs"), text_of(out));
}
static baton_status start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  char number[16], json[48];
  const baton_status status = correct_run_start(self, id, request, state);
  count_run(self, number, sizeof(number));
  snprintf(json, sizeof(json), "{\"count\":%s}", number);
  {
    const run* made = *state;
    const baton_event_custom event = {{sizeof(event), BATON_EVENT_CUSTOM}, text_of("count"), text_of(json)};
    if (made->finished) return status;
    self->runs->emit(self->host, id, &event.head);
    say(made, text_of(number));
    say(made, text_of(". run\n"));
  }
  return status;
}
#define RUN_START start
#include "entry.h"
