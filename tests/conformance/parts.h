/* The parts of a correct runtime in plain C. A bad plugin of this directory takes them all but the one that it breaks:
 * it includes this, writes its own part, names it (QUIESCE, RUN_START, ...), and includes entry.h.
 *
 * The runtime starts the program "agent", writes the prompt to its stdin, and shows each line of stdout as text, but
 * for those that begin with '#': "#status TEXT", "#retry SECONDS", "#session TOKEN", "#usage IN OUT [MICROS]",
 * "#tool ID NAME", "#result ID ok|denied TEXT", "#ask ID NAME" (the answer is a line "allow ID" or "deny ID" on stdin),
 * "#turn" (a turn has ended), "#done" (it reads no more), "#auth", "#limit", "#lost". Exit status 0 is success. What
 * the request says reaches the program as arguments and as AGENT_HOME.
 *
 * FLAGS says what it claims; with STEER, FOLLOW_UP or APPROVALS its stdin stays open until "#done". */
#ifndef CONFORMANCE_PARTS_H
#define CONFORMANCE_PARTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <baton/entry.h>
#include <baton/ext/approval.h>
#include <baton/ext/process.h>
#include <baton/ext/run.h>
#include <baton/ext/runtime.h>
#include <baton/ext/timer.h>
#include <baton/host.h>

#define PART static __attribute__((unused))

#ifndef FLAGS
#define FLAGS BATON_CAP_STREAMING
#endif
#ifndef NOT_THERE
#define NOT_THERE BATON_ERROR_NOT_INSTALLED
#endif
#ifndef EXITED_WITH_1
#define EXITED_WITH_1 BATON_ERROR_CRASHED
#endif
#define TALKS ((FLAGS & (BATON_CAP_STEER | BATON_CAP_FOLLOW_UP | BATON_CAP_APPROVALS)) != 0)

struct baton_plugin {
  const baton_host* host;
  const baton_host_run* runs;
  const baton_host_process* processes;
  const baton_host_timer* timers;       /* only wanted */
  const baton_host_approval* approvals; /* likewise */
  int ready;                            /* a part's own memory */
};

typedef struct run {
  baton_plugin* plugin;
  baton_run id;
  baton_process process;
  char* prompt; /* what is not written yet */
  size_t prompt_size;
  uint32_t error_class; /* what the program said about its end */
  int limit, cancelled, finished;
  int heard;         /* a part's own memory */
  char question[64]; /* that a person is asked */
  void* extra;       /* a part's own memory, from malloc */
} run;

PART baton_str text_of(const char* text) {
  const baton_str out = {text, strlen(text)};
  return out;
}
PART int begins(baton_str text, const char* word) {
  return text.size >= strlen(word) && memcmp(text.data, word, strlen(word)) == 0;
}
PART baton_str without(baton_str text, size_t first) {
  const baton_str out = {text.data + first, text.size - first};
  return out;
}

/* ---- what a run reports ---- */

PART baton_status say(const run* self, baton_str text) {
  const baton_event_text event = {{sizeof(event), BATON_EVENT_TEXT}, BATON_CHANNEL_ANSWER, 0, text};
  return self->plugin->runs->emit(self->plugin->host, self->id, &event.head);
}
PART baton_status tell_status(const run* self, baton_str text, int64_t retry_in_ns) {
  const baton_event_status event = {{sizeof(event), BATON_EVENT_STATUS}, BATON_PHASE_WORKING, 0, retry_in_ns, text};
  return self->plugin->runs->emit(self->plugin->host, self->id, &event.head);
}
PART baton_status tell_session(const run* self, baton_str token) {
  const baton_event_session event = {{sizeof(event), BATON_EVENT_SESSION}, token, token};
  return self->plugin->runs->emit(self->plugin->host, self->id, &event.head);
}
PART baton_status tell_usage(const run* self, int64_t in, int64_t out, int64_t cost) {
  const uint32_t basis = cost < 0 ? BATON_COST_UNKNOWN : BATON_COST_REPORTED;
  const baton_event_usage event = {{sizeof(event), BATON_EVENT_USAGE}, basis, 0, in, -1, out, -1, cost};
  return self->plugin->runs->emit(self->plugin->host, self->id, &event.head);
}
PART baton_status tell_tool(const run* self, const char* id, const char* name) {
  const baton_event_tool_call event = {
      {sizeof(event), BATON_EVENT_TOOL_CALL}, text_of(id), text_of(name), text_of("{}")};
  return self->plugin->runs->emit(self->plugin->host, self->id, &event.head);
}
PART baton_status tell_result(const run* self, const char* id, int ok) {
  const baton_event_tool_result event = {
      {sizeof(event), BATON_EVENT_TOOL_RESULT}, ok ? 1u : 0u, 0, text_of(id), text_of(ok ? "done" : "denied")};
  return self->plugin->runs->emit(self->plugin->host, self->id, &event.head);
}
PART baton_status finish_with(run* self, uint32_t result, uint32_t error_class, const char* detail) {
  baton_outcome outcome;
  memset(&outcome, 0, sizeof(outcome));
  outcome.size = sizeof(outcome);
  outcome.result = result;
  outcome.error_class = error_class;
  outcome.retry_after_ns = -1;
  outcome.detail = text_of(detail);
  self->finished = 1;
  return self->plugin->runs->finish(self->plugin->host, self->id, &outcome);
}

/* ---- its program ---- */

PART void write_prompt(run* self) {
  const baton_host_process* processes = self->plugin->processes;
  const baton_host* host = self->plugin->host;
  while (self->prompt_size > 0) {
    const baton_str piece = {self->prompt, self->prompt_size < 65536 ? self->prompt_size : 65536};
    const baton_status status = processes->write(host, self->process, piece);
    if (status == BATON_E_AGAIN) return; /* on_drain goes on */
    if (status != BATON_OK) break;       /* it reads no more: the exit tells */
    self->prompt_size -= piece.size;
    memmove(self->prompt, self->prompt + piece.size, self->prompt_size);
  }
  self->prompt_size = 0;
  if (!TALKS) processes->close_stdin(host, self->process);
}
/* One line to the agent. */
PART baton_status tell_agent(run* self, const char* word, baton_str rest) {
  char line[512];
  const int size = snprintf(line, sizeof(line), "%s %.*s\n", word, (int)(rest.size < 400 ? rest.size : 400), rest.data);
  const baton_str bytes = {line, (size_t)size};
  return self->plugin->processes->write(self->plugin->host, self->process, bytes);
}
PART void correct_on_answer(void* user, baton_approval question, uint32_t allowed, baton_str note) {
  run* self = user;
  (void)question;
  (void)note;
  tell_agent(self, allowed ? "allow" : "deny", text_of(self->question));
}
static void answered(void* user, baton_approval question, uint32_t allowed, baton_str note); /* entry.h: ON_ANSWER */
PART void ask_person(run* self, const char* id, const char* name) {
  const baton_approval_request request = {
      sizeof(request), 0, self->id, text_of(name), text_of("{}"), text_of("the agent wants to")};
  const baton_host_approval* approvals = self->plugin->approvals;
  baton_approval question;
  snprintf(self->question, sizeof(self->question), "%s", id);
  if (approvals == NULL || approvals->ask(self->plugin->host, &request, answered, self, &question) != BATON_OK)
    tell_agent(self, "deny", text_of(id));
}
/* "#ask", "#tool" and "#result", of which words[0] is the id. */
PART void take_tool_line(run* self, baton_str line, char words[2][64]) {
  if (begins(line, "#ask ")) {
    ask_person(self, words[0], words[1]);
  } else if (begins(line, "#tool ")) {
    tell_tool(self, words[0], words[1]);
  } else if (begins(line, "#result ")) {
    tell_result(self, words[0], strcmp(words[1], "ok") == 0);
  }
}
PART void take_line(run* self, baton_str line) {
  char words[64], tool[2][64] = {"", ""};
  snprintf(words, sizeof(words), "%.*s", (int)(line.size < 60 ? line.size : 60), line.data);
  if (begins(line, "#ask ") || begins(line, "#tool ") || begins(line, "#result ")) {
    sscanf(words, "%*s %63s %63s", tool[0], tool[1]);
    take_tool_line(self, line, tool);
  } else if (begins(line, "#turn")) {
    tell_status(self, text_of("a turn has ended"), 0);
  } else if (begins(line, "#done")) {
    self->plugin->processes->close_stdin(self->plugin->host, self->process);
  } else if (begins(line, "#status ")) {
    tell_status(self, without(line, 8), 0);
  } else if (begins(line, "#retry ")) {
    tell_status(self, text_of("waiting"), (int64_t)atoi(words + 7) * 1000000000);
  } else if (begins(line, "#session ")) {
    tell_session(self, without(line, 9));
  } else if (begins(line, "#usage ")) {
    long in = -1, out = -1, cost = -1;
    sscanf(words + 7, "%ld %ld %ld", &in, &out, &cost);
    tell_usage(self, in, out, cost);
  } else if (begins(line, "#auth")) {
    self->error_class = BATON_ERROR_AUTH;
  } else if (begins(line, "#lost")) {
    self->error_class = BATON_ERROR_SESSION_LOST;
  } else if (begins(line, "#limit")) {
    self->limit = 1;
  } else {
    say(self, line);
    say(self, text_of("\n"));
  }
}
PART void correct_on_output(void* user, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) {
  run* self = user;
  (void)process;
  if (stream != BATON_STREAM_STDOUT) return;
  if (cut != 0) {
    say(self, bytes);
  } else {
    take_line(self, bytes);
  }
}
PART void correct_on_drain(void* user, baton_process process) {
  (void)process;
  write_prompt(user);
}
PART void correct_on_exit(void* user, baton_process process, const baton_exit* gone) {
  run* self = user;
  char detail[64];
  (void)process;
  snprintf(detail, sizeof(detail), "the agent ended with status %d, signal %d", gone->code, gone->signal);
  if (self->cancelled) {
    finish_with(self, BATON_RESULT_CANCELLED, BATON_ERROR_NONE, detail);
  } else if (self->error_class != 0) {
    finish_with(self, BATON_RESULT_FAILED, self->error_class, detail);
  } else if (self->limit) {
    finish_with(self, BATON_RESULT_LIMIT, BATON_ERROR_NONE, detail);
  } else if (gone->code == 0) {
    finish_with(self, BATON_RESULT_SUCCESS, BATON_ERROR_NONE, "");
  } else {
    finish_with(self, BATON_RESULT_FAILED, gone->code == 1 ? EXITED_WITH_1 : BATON_ERROR_CRASHED, detail);
  }
}
/* An argument, or two, with what the request says; nothing when it says nothing. */
PART void add(baton_spawn* spawn, const char* name, baton_str value) {
  baton_str* arguments = (baton_str*)spawn->argv;
  if (value.size == 0) return;
  arguments[spawn->argc++] = text_of(name);
  arguments[spawn->argc++] = value;
}
typedef struct limits {
  char turns[32], cost[32];
} limits;
PART void add_arguments(baton_spawn* spawn, const baton_run_request* request, limits* numbers) {
  size_t index;
  add(spawn, "--model", request->model);
  add(spawn, request->mode == BATON_RUN_FORK ? "--fork" : "--session", request->resume);
  for (index = 0; index < request->mcp_count && index < 8; ++index) add(spawn, "--mcp", request->mcp[index].url);
  for (index = 0; index < request->blocked_tool_count && index < 8; ++index)
    add(spawn, "--without", request->blocked_tools[index]);
  snprintf(numbers->turns, sizeof(numbers->turns), "%u", request->max_turns);
  snprintf(numbers->cost, sizeof(numbers->cost), "%lld", (long long)request->max_cost_micros);
  if (request->max_turns > 0) add(spawn, "--max-turns", text_of(numbers->turns));
  if (request->max_cost_micros >= 0) add(spawn, "--max-cost-micros", text_of(numbers->cost));
}
static void last_word(baton_spawn* spawn, const baton_run_request* request); /* entry.h: SPAWN */
PART baton_status start_agent(run* self, const baton_process_events* events, const baton_run_request* request) {
  baton_str argv[64] = {text_of("agent")};
  const baton_field home = {text_of("AGENT_HOME"), request->home_dir};
  limits numbers;
  baton_spawn spawn;
  memset(&spawn, 0, sizeof(spawn));
  spawn.size = sizeof(spawn);
  spawn.flags = BATON_SPAWN_STDIN | BATON_SPAWN_LINES_STDOUT;
  spawn.owner = self->id;
  spawn.argv = argv;
  spawn.argc = 1;
  add_arguments(&spawn, request, &numbers);
  spawn.cwd = request->cwd;
  spawn.env = &home;
  spawn.env_count = 1;
  spawn.max_line = 65536;
  last_word(&spawn, request);
  return self->plugin->processes->spawn(self->plugin->host, &spawn, events, self, &self->process);
}
static const baton_process_events correct_events; /* entry.h: ON_OUTPUT, correct_on_drain, ON_EXIT */

PART void on_long_wait(void* user, baton_timer timer) {
  (void)timer;
  tell_status(user, text_of("it works for an hour already"), 0);
}

/* ---- the table baton.runtime/1 ---- */

PART baton_status correct_caps(baton_plugin* self, baton_runtime_caps* out) {
  (void)self;
  out->flags = FLAGS;
  out->cancel_ms = 4000;
  return BATON_OK;
}
PART baton_status correct_probe(baton_plugin* self, baton_op op) {
  return self->host->op_complete(self->host, op, BATON_OK);
}
PART run* make_run(baton_plugin* self, baton_run id, const baton_run_request* request) {
  run* made = calloc(1, sizeof(*made));
  made->plugin = self;
  made->id = id;
  made->prompt_size = request->prompt_turn.size;
  made->prompt = malloc(made->prompt_size + 1);
  memcpy(made->prompt, request->prompt_turn.data, made->prompt_size);
  if (TALKS) made->prompt[made->prompt_size++] = '\n';
  return made;
}
PART baton_status start_with(baton_plugin* self, baton_run id, const baton_run_request* request,
                             const baton_process_events* events, void** state) {
  run* made = make_run(self, id, request);
  const baton_status status = start_agent(made, events, request);
  baton_timer timer;
  *state = made;
  if (status != BATON_OK) {
    finish_with(made, BATON_RESULT_FAILED, status == BATON_E_NOT_FOUND ? NOT_THERE : BATON_ERROR_INTERNAL,
                "the agent could not be started");
    return BATON_OK;
  }
  write_prompt(made);
  if (self->timers != NULL)
    self->timers->start(self->host, id, (int64_t)3600 * 1000000000, 0, on_long_wait, made, &timer);
  return BATON_OK;
}
PART baton_status correct_run_start(baton_plugin* self, baton_run id, const baton_run_request* request, void** state) {
  return start_with(self, id, request, &correct_events, state);
}
PART baton_status correct_run_input(baton_plugin* plugin, void* state, const baton_run_input* input) {
  (void)plugin;
  return tell_agent(state, input->mode == BATON_INPUT_STEER ? "steer" : "next", input->text);
}
PART void correct_run_cancel(baton_plugin* plugin, void* state, uint32_t reason, int64_t deadline) {
  run* self = state;
  const int64_t left = deadline - plugin->host->now(plugin->host);
  (void)reason;
  self->cancelled = 1;
  if (plugin->processes->stop(plugin->host, self->process, left > 0 ? left / 2 : 0) != BATON_OK && !self->finished)
    finish_with(self, BATON_RESULT_CANCELLED, BATON_ERROR_NONE, "");
}
PART void correct_run_release(baton_plugin* plugin, void* state) {
  run* self = state;
  (void)plugin;
  free(self->prompt);
  free(self->extra);
  free(self);
}

/* ---- the entry ---- */

PART baton_plugin* make_plugin(const baton_host* host) {
  baton_plugin* made = calloc(1, sizeof(*made));
  made->host = host;
  made->runs = host->extension(host, BATON_EXT_RUN);
  made->processes = host->extension(host, BATON_EXT_PROCESS);
  made->timers = host->extension(host, BATON_EXT_TIMER);
  made->approvals = host->extension(host, BATON_EXT_APPROVAL);
  if (made->timers != NULL && !BATON_HAS(made->timers, start)) made->timers = NULL;
  if (made->approvals != NULL && !BATON_HAS(made->approvals, ask)) made->approvals = NULL;
  return made;
}
PART baton_status correct_create(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  (void)args;
  *out = make_plugin(host);
  return BATON_OK;
}
PART void correct_quiesce(baton_plugin* self, baton_op done) { self->host->op_complete(self->host, done, BATON_OK); }
PART void correct_destroy(baton_plugin* self) { free(self); }

#endif
