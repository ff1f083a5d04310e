/* SPDX-License-Identifier: 0BSD
 *
 * An agent runtime that drives /bin/cat, in plain C: what the agent is told, it says. What the C++ wrapper does by
 * itself is done by hand here.
 */
#include <stdlib.h>
#include <string.h>

#include <baton/entry.h>
#include <baton/ext/process.h>
#include <baton/ext/run.h>
#include <baton/ext/runtime.h>
#include <baton/host.h>

/* One instance: what the user configured as one [[runtime]]. There may be several, so there are no globals. */
struct baton_plugin {
  const baton_host* host;
  const baton_host_run* runs;
  const baton_host_process* processes;
};

/* One run: lives from run_start until run_release, some time after finish. */
typedef struct cat_run {
  baton_plugin* plugin;
  baton_run id;
  baton_process process;
  char* prompt; /* a copy: the request is borrowed for the call */
  size_t prompt_size, written;
  int cancelled;
} cat_run;

static baton_str str(const char* text) {
  baton_str out = {text, strlen(text)};
  return out;
}

static void finish(cat_run* run, uint32_t result, uint32_t error_class, baton_str detail) {
  baton_outcome outcome;
  memset(&outcome, 0, sizeof(outcome));
  outcome.size = sizeof(outcome);
  outcome.result = result;
  outcome.error_class = error_class;
  outcome.retry_after_ns = -1;
  outcome.detail = detail;
  run->plugin->runs->finish(run->plugin->host, run->id, &outcome);
}

/* Goes on in on_drain when the queue is full. That cat reads no more is no error: its exit tells. */
static void write_prompt(cat_run* run) {
  const baton_host* host = run->plugin->host;
  const baton_host_process* processes = run->plugin->processes;
  while (run->written < run->prompt_size) {
    baton_str piece = {run->prompt + run->written, run->prompt_size - run->written};
    baton_status status;
    if (piece.size > 65536) piece.size = 65536;
    status = processes->write(host, run->process, piece);
    if (status == BATON_E_AGAIN) return;
    if (status != BATON_OK) break;
    run->written += piece.size;
  }
  processes->close_stdin(host, run->process);
}

static void say(cat_run* run, baton_str text) {
  baton_event_text event;
  memset(&event, 0, sizeof(event));
  event.head.size = sizeof(event);
  event.head.kind = BATON_EVENT_TEXT;
  event.channel = BATON_CHANNEL_ANSWER;
  event.text = text;
  run->plugin->runs->emit(run->plugin->host, run->id, &event.head);
}

static void on_output(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  (void)process;
  if (stream != BATON_STREAM_STDOUT) return;
  say(user, bytes);
  if (cut != BATON_CUT_MORE) say(user, str("\n"));
}

static void on_drain(void* user, baton_process process) {
  (void)process;
  write_prompt(user);
}

static void on_exit_event(void* user, baton_process process, const baton_exit* gone) {
  cat_run* run = user;
  (void)process;
  if (run->cancelled)
    finish(run, BATON_RESULT_CANCELLED, BATON_ERROR_NONE, str(""));
  else if (gone->code == 0)
    finish(run, BATON_RESULT_SUCCESS, BATON_ERROR_NONE, str(""));
  else
    finish(run, BATON_RESULT_FAILED, BATON_ERROR_CRASHED, str(gone->signal != 0 ? "cat was killed" : "cat failed"));
}

static baton_status start_cat(cat_run* run, const baton_run_request* request) {
  const baton_process_events events = {
      .size = sizeof(events), .on_output = on_output, .on_drain = on_drain, .on_exit = on_exit_event};
  const baton_str argv[] = {str("/bin/cat")};
  baton_spawn spawn;
  memset(&spawn, 0, sizeof(spawn));
  spawn.size = sizeof(spawn);
  spawn.flags = BATON_SPAWN_STDIN | BATON_SPAWN_LINES_STDOUT;
  spawn.owner = run->id;
  spawn.argv = argv;
  spawn.argc = 1;
  spawn.cwd = request->cwd;
  spawn.max_line = 256 * 1024; /* a longer line comes in pieces; one event holds 1 MiB */
  spawn.env = request->env;
  spawn.env_count = request->env_count;
  return run->plugin->processes->spawn(run->plugin->host, &spawn, &events, run, &run->process);
}

/* The prompt's three tiers as one text, for a program that knows no tiers: all of them say what is to be done. */
static int copy_prompt(cat_run* run, const baton_run_request* request) {
  const baton_str tiers[] = {request->prompt_system, request->prompt_context, request->prompt_turn};
  size_t i;
  run->prompt = malloc(tiers[0].size + tiers[1].size + tiers[2].size + 4);
  if (run->prompt == NULL) return 0;
  for (i = 0; i < 3; ++i) {
    if (tiers[i].size == 0) continue;
    if (run->prompt_size != 0) {
      memcpy(run->prompt + run->prompt_size, "\n\n", 2);
      run->prompt_size += 2;
    }
    memcpy(run->prompt + run->prompt_size, tiers[i].data, tiers[i].size);
    run->prompt_size += tiers[i].size;
  }
  return 1;
}

static baton_status run_start(baton_plugin* plugin, baton_run id, const baton_run_request* request, void** state) {
  cat_run* run = calloc(1, sizeof(*run));
  baton_status status;
  if (run == NULL || !copy_prompt(run, request)) {
    free(run);
    return plugin->host->fail(plugin->host, BATON_E_INTERNAL, str("out of memory"));
  }
  run->plugin = plugin;
  run->id = id;
  *state = run;
  status = start_cat(run, request);
  if (status == BATON_OK) {
    write_prompt(run);
  } else {
    const int missing = status == BATON_E_NOT_FOUND;
    finish(run, BATON_RESULT_FAILED, missing ? BATON_ERROR_NOT_INSTALLED : BATON_ERROR_INTERNAL,
           str("cat did not start"));
  }
  return BATON_OK; /* finish may come inside run_start, so that every end goes through one door */
}

static void run_cancel(baton_plugin* plugin, void* state, uint32_t reason, int64_t deadline) {
  cat_run* run = state;
  const int64_t left = deadline - plugin->host->now(plugin->host);
  (void)reason;
  run->cancelled = 1;
  plugin->processes->stop(plugin->host, run->process, left > 0 ? left / 2 : 0);
}

static void run_release(baton_plugin* plugin, void* state) {
  cat_run* run = state;
  (void)plugin;
  free(run->prompt);
  free(run);
}

/* The host has set every member to "unknown"; out->size says how many it has. All of these are of 1.0. */
static baton_status caps(baton_plugin* plugin, baton_runtime_caps* out) {
  (void)plugin;
  out->integration = BATON_INTEGRATION_PROGRAM;
  out->flags = BATON_CAP_STREAMING | BATON_CAP_WORKTREE;
  return BATON_OK;
}

static baton_status probe(baton_plugin* plugin, baton_op op) {
  baton_probe answer;
  memset(&answer, 0, sizeof(answer));
  answer.size = sizeof(answer);
  answer.ready = 1;
  return plugin->runs->probed(plugin->host, op, &answer);
}

static baton_status create(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  baton_plugin* plugin = calloc(1, sizeof(*plugin));
  (void)args;
  if (plugin == NULL) return host->fail(host, BATON_E_INTERNAL, str("out of memory"));
  plugin->host = host;
  plugin->runs = host->extension(host, BATON_EXT_RUN);
  plugin->processes = host->extension(host, BATON_EXT_PROCESS);
  /* A table of an older host is shorter: look before each slot that is used, from the last one down. */
  if (plugin->runs == NULL || !BATON_HAS(plugin->runs, probed) || plugin->processes == NULL ||
      !BATON_HAS(plugin->processes, stop)) {
    free(plugin);
    return host->fail(host, BATON_E_UNSUPPORTED, str("the host is too old"));
  }
  *out = plugin;
  return BATON_OK;
}

static void quiesce(baton_plugin* plugin, baton_op done) { plugin->host->op_complete(plugin->host, done, BATON_OK); }
static void destroy(baton_plugin* plugin) { free(plugin); }

static const void* extension(const char* id) {
  static const baton_runtime runtime = {.size = sizeof(runtime),
                                        .caps = caps,
                                        .probe = probe,
                                        .run_start = run_start,
                                        .run_cancel = run_cancel,
                                        .run_release = run_release};
  return strcmp(id, BATON_EXT_RUNTIME) == 0 ? &runtime : NULL;
}

const baton_entry* baton_plugin_entry_v1(void) {
  static const char* const offers[] = {BATON_EXT_RUNTIME, NULL};
  static const char* const needs[] = {BATON_EXT_RUN, BATON_EXT_PROCESS, NULL};
  static const char* const executables[] = {"/bin/cat", NULL};
  static const baton_descriptor descriptor = {.size = sizeof(descriptor),
                                              .id = "org.example.cat-c",
                                              .name = "Cat in C",
                                              .version = "0.1.0",
                                              .vendor = "Example",
                                              .url = "https://example.org",
                                              .license = "0BSD",
                                              .summary = "Says what it is told",
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
