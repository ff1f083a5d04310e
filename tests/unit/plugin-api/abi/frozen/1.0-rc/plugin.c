/* A runtime as somebody wrote it for ABI 1.0-rc, built against the headers of that release and run on today's host.
 *
 * A run goes through what the host gives: a file, a timer, a program, all kinds of events. It tells what it saw as
 * text. Tables that a host need not have are looked at only.
 */
#include <stdlib.h>
#include <string.h>

#include <baton/entry.h>
#include <baton/ext/approval.h>
#include <baton/ext/files.h>
#include <baton/ext/http.h>
#include <baton/ext/process.h>
#include <baton/ext/run.h>
#include <baton/ext/runtime.h>
#include <baton/ext/secret.h>
#include <baton/ext/setup.h>
#include <baton/ext/store.h>
#include <baton/ext/timer.h>
#include <baton/ext/tools.h>
#include <baton/ext/wakeup.h>
#include <baton/ext/watch.h>
#include <baton/host.h>

struct baton_plugin {
  const baton_host* host;
  const baton_host_run* runs;
  const baton_host_process* processes;
  const baton_host_timer* timers;
  const baton_host_files* files;
};

typedef struct frozen_run {
  baton_plugin* plugin;
  baton_run id;
  baton_process process;
  baton_timer timer;
  baton_file_op file;
  char cwd[1024];
} frozen_run;

static baton_str str(const char* text) {
  const baton_str out = {text, strlen(text)};
  return out;
}

static void say(frozen_run* run, const char* text) {
  const baton_event_text event = {{sizeof(event), BATON_EVENT_TEXT}, BATON_CHANNEL_ANSWER, 0, str(text)};
  run->plugin->runs->emit(run->plugin->host, run->id, &event.head);
}

static void every_event(frozen_run* run) {
  const baton_event_text thought = {{sizeof(thought), BATON_EVENT_TEXT}, BATON_CHANNEL_REASONING, 0, str("hm")};
  const baton_event_tool_call call = {{sizeof(call), BATON_EVENT_TOOL_CALL}, str("1"), str("bash"), str("{\"a\":1}")};
  const baton_event_tool_result result = {{sizeof(result), BATON_EVENT_TOOL_RESULT}, 1, 0, str("1"), str("yes")};
  const baton_event_status status = {{sizeof(status), BATON_EVENT_STATUS}, BATON_PHASE_WORKING, 1, 0, str("work")};
  const baton_event_usage usage = {{sizeof(usage), BATON_EVENT_USAGE}, BATON_COST_REPORTED, 0, 1, 2, 3, -1, 5};
  const baton_event_session session = {{sizeof(session), BATON_EVENT_SESSION}, str("s1"), str("token")};
  const baton_event_custom custom = {{sizeof(custom), BATON_EVENT_CUSTOM}, str("test.note"), str("[1]")};
  const baton_event* const all[] = {&thought.head, &call.head,    &result.head, &status.head,
                                    &usage.head,   &session.head, &custom.head};
  size_t i;
  for (i = 0; i < sizeof(all) / sizeof(all[0]); ++i) run->plugin->runs->emit(run->plugin->host, run->id, all[i]);
}

static void finish(frozen_run* run, uint32_t result, const char* detail) {
  baton_outcome outcome;
  memset(&outcome, 0, sizeof(outcome));
  outcome.size = sizeof(outcome);
  outcome.result = result;
  outcome.error_class = result == BATON_RESULT_FAILED ? BATON_ERROR_INTERNAL : BATON_ERROR_NONE;
  outcome.retry_after_ns = -1;
  outcome.summary = str("went through everything");
  outcome.detail = str(detail);
  run->plugin->runs->finish(run->plugin->host, run->id, &outcome);
}

static void on_output(void* user, baton_process process, uint32_t stream, baton_str line, uint32_t cut) {
  (void)process;
  if (stream == BATON_STREAM_STDOUT && cut == 0 && line.size == 5 && memcmp(line.data, "hello", 5) == 0)
    say(user, "line ");
}
static void on_exit_event(void* user, baton_process process, const baton_exit* gone) {
  frozen_run* run = user;
  (void)process;
  say(run, gone->code == 0 && gone->signal == 0 && gone->forced == 0 ? "exit" : "another exit");
  every_event(run);
  finish(run, BATON_RESULT_SUCCESS, "");
}

static void on_fire(void* user, baton_timer timer) {
  frozen_run* run = user;
  const baton_host* host = run->plugin->host;
  const baton_process_events events = {sizeof(events), 0, on_output, NULL, on_exit_event};
  const baton_str argv[] = {str("cat")};
  const baton_field env[] = {{str("FROZEN"), str("1")}};
  baton_spawn spawn;
  memset(&spawn, 0, sizeof(spawn));
  spawn.size = sizeof(spawn);
  spawn.flags = BATON_SPAWN_STDIN | BATON_SPAWN_LINES_STDOUT;
  spawn.owner = run->id;
  spawn.argv = argv;
  spawn.argc = 1;
  spawn.cwd = str(run->cwd);
  spawn.env = env;
  spawn.env_count = 1;
  say(run, timer.id == run->timer.id ? "timer " : "another timer ");
  if (run->plugin->processes->spawn(host, &spawn, &events, run, &run->process) != BATON_OK) {
    finish(run, BATON_RESULT_FAILED, "spawn");
    return;
  }
  run->plugin->processes->write(host, run->process, str("hello\n"));
  run->plugin->processes->close_stdin(host, run->process);
}

static void on_file(void* user, baton_file_op op, baton_status status, baton_str bytes) {
  frozen_run* run = user;
  (void)op;
  if (status != BATON_OK || bytes.size != 7) {
    finish(run, BATON_RESULT_FAILED, "file");
    return;
  }
  say(run, "file ");
  if (run->plugin->timers->start(run->plugin->host, run->id, 1000000, 0, on_fire, run, &run->timer) != BATON_OK)
    finish(run, BATON_RESULT_FAILED, "timer");
}
static void on_written(void* user, baton_file_op op, baton_status status, baton_str bytes) {
  frozen_run* run = user;
  const baton_run nobody = {0};
  (void)op;
  (void)bytes;
  if (status != BATON_OK) {
    finish(run, BATON_RESULT_FAILED, "write");
    return;
  }
  run->plugin->files->read(run->plugin->host, nobody, str("note"), 0, on_file, run, &run->file);
}

/* A table is there as a whole, or not at all. */
#define LOOK(name, type, last)                                                       \
  do {                                                                               \
    const type* const table = run->plugin->host->extension(run->plugin->host, name); \
    if (table != NULL && !BATON_HAS(table, last)) say(run, "short " name " ");       \
  } while (0)

static void look_at_tables(frozen_run* run) {
  LOOK(BATON_EXT_APPROVAL, baton_host_approval, close);
  LOOK(BATON_EXT_HTTP, baton_host_http, close);
  LOOK(BATON_EXT_SECRET, baton_host_secret, get);
  LOOK(BATON_EXT_STORE, baton_host_store, erase);
  LOOK(BATON_EXT_TOOLS, baton_host_tools, close);
  LOOK(BATON_EXT_WAKEUP, baton_host_wakeup, close);
  LOOK(BATON_EXT_WATCH, baton_host_watch, close);
}

static baton_status run_start(baton_plugin* plugin, baton_run id, const baton_run_request* request, void** state) {
  const baton_run nobody = {0};
  frozen_run* run = calloc(1, sizeof(*run));
  if (run == NULL || request->size < sizeof(*request) || request->cwd.size >= sizeof(run->cwd)) {
    free(run);
    return plugin->host->fail(plugin->host, BATON_E_INVALID, str("the request is not as it was"));
  }
  run->plugin = plugin;
  run->id = id;
  memcpy(run->cwd, request->cwd.data, request->cwd.size);
  *state = run;
  look_at_tables(run);
  plugin->files->write(plugin->host, nobody, str("note"), str("content"), 0, on_written, run, &run->file);
  return BATON_OK;
}

static void run_cancel(baton_plugin* plugin, void* state, uint32_t reason, int64_t deadline) {
  (void)plugin;
  (void)reason;
  (void)deadline;
  finish(state, BATON_RESULT_CANCELLED, "");
}
static void run_release(baton_plugin* plugin, void* state) {
  frozen_run* run = state;
  plugin->files->close(plugin->host, run->file); /* the instance's, not the run's; stale when it has ended */
  free(run);
}

static baton_status caps(baton_plugin* plugin, baton_runtime_caps* out) {
  (void)plugin;
  if (out->size < sizeof(*out)) return BATON_E_INVALID;
  out->integration = BATON_INTEGRATION_PROGRAM;
  out->flags = BATON_CAP_STREAMING;
  out->context_tokens = 1000;
  return BATON_OK;
}
static baton_status probe(baton_plugin* plugin, baton_op op) {
  baton_probe answer;
  memset(&answer, 0, sizeof(answer));
  answer.size = sizeof(answer);
  answer.ready = 1;
  answer.version = str("1.0-rc");
  return plugin->runs->probed(plugin->host, op, &answer);
}
static baton_status info(baton_plugin* plugin, baton_setup_info* out) {
  (void)plugin;
  out->auth_kind = BATON_AUTH_NONE;
  return BATON_OK;
}

static baton_status create(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  baton_plugin* plugin = calloc(1, sizeof(*plugin));
  if (plugin == NULL || args->size < sizeof(*args) || host->size < sizeof(*host)) {
    free(plugin);
    return host->fail(host, BATON_E_INTERNAL, str("not as it was"));
  }
  plugin->host = host;
  plugin->runs = host->extension(host, BATON_EXT_RUN);
  plugin->processes = host->extension(host, BATON_EXT_PROCESS);
  plugin->timers = host->extension(host, BATON_EXT_TIMER);
  plugin->files = host->extension(host, BATON_EXT_FILES);
  if (plugin->runs->size < sizeof(*plugin->runs) || plugin->processes->size < sizeof(*plugin->processes) ||
      plugin->timers->size < sizeof(*plugin->timers) || plugin->files->size < sizeof(*plugin->files)) {
    free(plugin);
    return host->fail(host, BATON_E_UNSUPPORTED, str("a table is shorter than it was"));
  }
  *out = plugin;
  return BATON_OK;
}
static void quiesce(baton_plugin* plugin, baton_op done) { plugin->host->op_complete(plugin->host, done, BATON_OK); }
static void destroy(baton_plugin* plugin) { free(plugin); }

static const void* extension(const char* id) {
  static const baton_runtime runtime = {sizeof(runtime), 0, caps, probe, run_start, NULL, run_cancel, run_release};
  static const baton_setup setup = {sizeof(setup), 0, info};
  if (strcmp(id, BATON_EXT_RUNTIME) == 0) return &runtime;
  return strcmp(id, BATON_EXT_SETUP) == 0 ? &setup : NULL;
}

const baton_entry* baton_plugin_entry_v1(void) {
  static const char* const offers[] = {BATON_EXT_RUNTIME, BATON_EXT_SETUP, NULL};
  static const char* const needs[] = {BATON_EXT_RUN, BATON_EXT_PROCESS, BATON_EXT_TIMER, BATON_EXT_FILES, NULL};
  static const char* const executables[] = {"cat", NULL};
  static const baton_descriptor descriptor = {.size = sizeof(descriptor),
                                              .id = "test.frozen",
                                              .name = "Frozen",
                                              .version = BATON_ABI_RELEASE,
                                              .offers = offers,
                                              .needs = needs,
                                              .executables = executables};
  static const baton_entry entry = {.magic = BATON_ENTRY_MAGIC,
                                    .size = sizeof(entry),
                                    .abi_major = BATON_ABI_MAJOR,
                                    .abi_minor_built = BATON_ABI_MINOR_LATEST,
                                    .abi_minor_needed = BATON_ABI_MINOR,
                                    .descriptor = &descriptor,
                                    .create = create,
                                    .quiesce = quiesce,
                                    .destroy = destroy,
                                    .extension = extension};
  return &entry;
}
