/* A runtime that emits what its program prints as text, and does nothing else: what is left is the way through the ABI.
 */
#include <stdlib.h>
#include <string.h>

#include <baton/entry.h>
#include <baton/ext/process.h>
#include <baton/ext/run.h>
#include <baton/ext/runtime.h>
#include <baton/host.h>

typedef struct plugin {
  const baton_host* host;
  const baton_host_run* run;
  const baton_host_process* process;
} plugin;

typedef struct state {
  plugin* owner;
  baton_run run;
} state;

static void on_output(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  state* self = user;
  const baton_event_text event = {{sizeof(event), BATON_EVENT_TEXT}, BATON_CHANNEL_ANSWER, 0, bytes};
  (void)process;
  (void)stream;
  (void)cut;
  self->owner->run->emit(self->owner->host, self->run, &event.head);
}

static void on_end(void* user, baton_process process, const baton_exit* ended) {
  state* self = user;
  const baton_outcome outcome = {sizeof(outcome), BATON_RESULT_SUCCESS, BATON_ERROR_NONE, 0, -1, {NULL, 0}, {NULL, 0}};
  (void)process;
  (void)ended;
  self->owner->run->finish(self->owner->host, self->run, &outcome);
}

static baton_status create(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  plugin* made = malloc(sizeof(*made));
  (void)args;
  if (made == NULL) return BATON_E_INTERNAL;
  made->host = host;
  made->run = host->extension(host, BATON_EXT_RUN);
  made->process = host->extension(host, BATON_EXT_PROCESS);
  *out = (baton_plugin*)(void*)made;
  return BATON_OK;
}
static void quiesce(baton_plugin* self, baton_op done) {
  const plugin* own = (const plugin*)(void*)self;
  own->host->op_complete(own->host, done, BATON_OK);
}
static void destroy(baton_plugin* self) { free(self); }

static baton_status caps(baton_plugin* self, baton_runtime_caps* out) {
  (void)self;
  out->flags = BATON_CAP_STREAMING;
  return BATON_OK;
}
static baton_status probe(baton_plugin* self, baton_op op) {
  const plugin* own = (const plugin*)(void*)self;
  return own->host->op_complete(own->host, op, BATON_OK);
}
static baton_status run_start(baton_plugin* self, baton_run run, const baton_run_request* request, void** kept) {
  static const baton_process_events events = {sizeof(events), 0, on_output, NULL, on_end};
  plugin* own = (plugin*)(void*)self;
  const baton_str argv[] = {{"program", 7}};
  const baton_spawn spawn = {sizeof(spawn), BATON_SPAWN_LINES_STDOUT, run, argv, 1, request->cwd, NULL, 0, 0, 0};
  baton_process process;
  state* made = malloc(sizeof(*made));
  if (made == NULL) return BATON_E_INTERNAL;
  made->owner = own;
  made->run = run;
  *kept = made;
  return own->process->spawn(own->host, &spawn, &events, made, &process);
}
static void run_cancel(baton_plugin* self, void* kept, uint32_t reason, int64_t deadline) {
  (void)self;
  (void)kept;
  (void)reason;
  (void)deadline;
}
static void run_release(baton_plugin* self, void* kept) {
  (void)self;
  free(kept);
}

static const void* extension(const char* id) {
  static const baton_runtime table = {sizeof(table), 0, caps, probe, run_start, NULL, run_cancel, run_release};
  return strcmp(id, BATON_EXT_RUNTIME) == 0 ? &table : NULL;
}

const baton_entry* baton_plugin_entry_v1(void) {
  static const char* const offers[] = {BATON_EXT_RUNTIME, NULL};
  static const char* const needs[] = {BATON_EXT_RUN, BATON_EXT_PROCESS, NULL};
  static const char* const executables[] = {"program", NULL};
  static const baton_descriptor descriptor = {.size = sizeof(baton_descriptor),
                                              .id = "org.baton.bench-echo",
                                              .name = "Echo",
                                              .version = "1",
                                              .offers = offers,
                                              .needs = needs,
                                              .executables = executables};
  static const baton_entry entry = {.magic = BATON_ENTRY_MAGIC,
                                    .size = sizeof(baton_entry),
                                    .abi_major = BATON_ABI_MAJOR,
                                    .descriptor = &descriptor,
                                    .create = create,
                                    .quiesce = quiesce,
                                    .destroy = destroy,
                                    .extension = extension};
  return &entry;
}
