/* A correct runtime in plain C that does nothing but succeed, for plugins with one defect. Each defines, before the
 * include, the functions that it breaks: BAD_CREATE, BAD_START; BAD_CAPS is what caps returns, NEEDS what it needs. Its
 * id is "test." and its name. */
#ifndef BAD_H
#define BAD_H

#include <string.h>

#include <baton/entry.h>
#include <baton/ext/run.h>
#include <baton/ext/runtime.h>
#include <baton/ext/timer.h>
#include <baton/host.h>

#ifndef BAD_CAPS
#define BAD_CAPS BATON_OK
#endif

static const baton_host* host;
static const baton_host_run* runs;
static const baton_host_timer* timers;

static baton_str str(const char* text) {
  const baton_str out = {text, strlen(text)};
  return out;
}
static inline baton_status say(baton_run run, baton_str text) {
  const baton_event_text event = {{sizeof(event), BATON_EVENT_TEXT}, BATON_CHANNEL_ANSWER, 0, text};
  return runs->emit(host, run, &event.head);
}
static inline baton_status succeed(baton_run run) {
  baton_outcome outcome;
  memset(&outcome, 0, sizeof(outcome));
  outcome.size = sizeof(outcome);
  outcome.result = BATON_RESULT_SUCCESS;
  outcome.retry_after_ns = -1;
  outcome.summary = str("done");
  return runs->finish(host, run, &outcome);
}

static baton_status remember(const baton_host* given, baton_plugin** out) {
  static char made;
  host = given;
  runs = (const baton_host_run*)host->extension(host, BATON_EXT_RUN);
  timers = (const baton_host_timer*)host->extension(host, BATON_EXT_TIMER);
  *out = (baton_plugin*)(void*)&made;
  return BATON_OK;
}

static baton_status bad_create(const baton_host* given, const baton_create_args* args, baton_plugin** out);
static baton_status bad_start(baton_plugin* plugin, baton_run run, const baton_run_request* request, void** state);

static void quiesce(baton_plugin* plugin, baton_op done) {
  (void)plugin;
  host->op_complete(host, done, BATON_OK);
}
static void destroy(baton_plugin* plugin) { (void)plugin; }
static baton_status caps(baton_plugin* plugin, baton_runtime_caps* out) {
  (void)plugin;
  out->cancel_ms = 500;
  return BAD_CAPS;
}
static baton_status probe(baton_plugin* plugin, baton_op op) {
  (void)plugin;
  return host->op_complete(host, op, BATON_OK);
}
static void run_cancel(baton_plugin* plugin, void* state, uint32_t reason, int64_t deadline) {
  (void)plugin;
  (void)state;
  (void)reason;
  (void)deadline;
}
static void run_release(baton_plugin* plugin, void* state) {
  (void)plugin;
  (void)state;
}

static const baton_runtime runtime = {sizeof(baton_runtime), 0, caps, probe, bad_start, NULL, run_cancel, run_release};
static const void* extension(const char* id) { return strcmp(id, BATON_EXT_RUNTIME) == 0 ? &runtime : NULL; }

#ifndef NEEDS
#define NEEDS BATON_EXT_RUN, BATON_EXT_TIMER
#endif

#define PLUGIN(the_id)                                                                                               \
  const baton_entry* baton_plugin_entry_v1(void) {                                                                   \
    static const char* const offers[] = {BATON_EXT_RUNTIME, NULL};                                                   \
    static const char* const needs[] = {NEEDS, NULL};                                                                \
    static const baton_descriptor descriptor = {                                                                     \
        .size = sizeof(descriptor), .id = the_id, .name = the_id, .version = "1", .offers = offers, .needs = needs}; \
    static const baton_entry entry = {.magic = BATON_ENTRY_MAGIC,                                                    \
                                      .size = sizeof(entry),                                                         \
                                      .abi_major = BATON_ABI_MAJOR,                                                  \
                                      .descriptor = &descriptor,                                                     \
                                      .create = bad_create,                                                          \
                                      .quiesce = quiesce,                                                            \
                                      .destroy = destroy,                                                            \
                                      .extension = extension};                                                       \
    return &entry;                                                                                                   \
  }

/* The two functions where they are not what is broken. */
#define GOOD_CREATE                                                                                            \
  static baton_status bad_create(const baton_host* given, const baton_create_args* args, baton_plugin** out) { \
    (void)args;                                                                                                \
    return remember(given, out);                                                                               \
  }
#define GOOD_START                                                                                                     \
  static baton_status bad_start(baton_plugin* plugin, baton_run run, const baton_run_request* request, void** state) { \
    (void)plugin;                                                                                                      \
    (void)run;                                                                                                         \
    (void)request;                                                                                                     \
    (void)state;                                                                                                       \
    return succeed(run);                                                                                               \
  }
/* A run_start whose body is `what`. */
#define START(what)                                                                                                    \
  static baton_status bad_start(baton_plugin* plugin, baton_run run, const baton_run_request* request, void** state) { \
    (void)plugin;                                                                                                      \
    (void)run;                                                                                                         \
    (void)request;                                                                                                     \
    (void)state;                                                                                                       \
    what;                                                                                                              \
    return BATON_OK;                                                                                                   \
  }

#endif
