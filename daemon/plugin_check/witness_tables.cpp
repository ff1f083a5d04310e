// The host's tables as a witness shows them: each call is noted and passed on; callbacks are passed back by way of the
// witness.
#include <string>

#include <fmt/format.h>

#include "baton/ext/approval.h"
#include "baton/ext/files.h"
#include "baton/ext/http.h"
#include "baton/ext/process.h"
#include "baton/ext/run.h"
#include "baton/ext/store.h"
#include "baton/ext/timer.h"
#include "baton/ext/tools.h"
#include "plugin/abi_events.hpp"
#include "plugin/abi_values.hpp"
#include "plugin_check/kept_run.hpp"
#include "plugin_check/witness.hpp"

namespace baton::plugin_check {
namespace {

using plugin::view;

template <class Table>
const Table& real() {
  return *Witness::real<Table>();
}

template <class... Args>
void note(fmt::format_string<Args...> format, Args&&... args) {
  Witness::current().note(fmt::format(format, std::forward<Args>(args)...));
}

// A function of the plugin with its `user`, called by way of the witness.
template <class... Args>
struct Callback {
  using Function = void (*)(void* user, Args...) noexcept;
  const char* what;
  Function function;
  void* user;

  static void call(void* self, Args... args) noexcept {
    const Callback mine = *static_cast<Callback*>(self);
    Witness::current().visit(mine.what, [&] { mine.function(mine.user, args...); });
  }
};

template <class... Args>
auto* heard(const char* what, void (*function)(void*, Args...) noexcept, void* user) {
  return Witness::current().keep(Callback<Args...>{what, function, user});
}

// ---- baton.run/1 ----

baton_status emit(const baton_host* host, baton_run run, const baton_event* event) noexcept {
  runtime::Event value;
  const auto read = plugin::read_event(event, value);
  note("emit {}", read.status == BATON_OK ? line_of(value) : std::string(read.why));
  return real<baton_host_run>().emit(host, run, event);
}
baton_status finish(const baton_host* host, baton_run run, const baton_outcome* outcome) noexcept {
  runtime::Outcome value;
  (void)plugin::read_outcome(outcome, value);
  note("finish {} {} {} {} {}", to_text(value.end), to_text(value.error_class), value.retryable, value.summary,
       value.detail);
  return real<baton_host_run>().finish(host, run, outcome);
}
baton_status probed(const baton_host* host, baton_op op, const baton_probe* probe) noexcept {
  return real<baton_host_run>().probed(host, op, probe);
}
constexpr baton_host_run kRun{sizeof(baton_host_run), 0, emit, finish, probed};

// ---- baton.process/1 ----

struct HeardProcess {
  baton_process_events events;
  void* user;
};

constexpr baton_process_events kProcessEvents{
    sizeof(baton_process_events), 0,
    [](void* self, baton_process process, uint32_t stream, baton_str bytes, uint32_t cut) noexcept {
      const HeardProcess mine = *static_cast<HeardProcess*>(self);
      if (mine.events.on_output == nullptr || !Witness::current().too_slow().empty()) return;
      Witness::current().visit("on_output", [&] { mine.events.on_output(mine.user, process, stream, bytes, cut); });
    },
    [](void* self, baton_process process) noexcept {
      const HeardProcess mine = *static_cast<HeardProcess*>(self);
      if (mine.events.on_drain == nullptr) return;
      Witness::current().visit("on_drain", [&] { mine.events.on_drain(mine.user, process); });
    },
    [](void* self, baton_process process, const baton_exit* exit) noexcept {
      const HeardProcess mine = *static_cast<HeardProcess*>(self);
      if (mine.events.on_exit == nullptr) return;
      Witness::current().visit("on_exit", [&] { mine.events.on_exit(mine.user, process, exit); });
    }};

std::string described(const baton_spawn& spawn) {
  std::string text = fmt::format("spawn in {} flags {} max_line {}:", view(spawn.cwd), spawn.flags, spawn.max_line);
  for (std::size_t index = 0; index < spawn.argc; ++index) text += fmt::format(" [{}]", view(spawn.argv[index]));
  for (std::size_t index = 0; index < spawn.env_count; ++index)
    text += fmt::format(" {}={}", view(spawn.env[index].key), view(spawn.env[index].value));
  return text;
}

baton_status spawn(const baton_host* host, const baton_spawn* request, const baton_process_events* events, void* user,
                   baton_process* out) noexcept {
  const auto& table = real<baton_host_process>();
  if (request == nullptr || events == nullptr || request->size < sizeof(*request) || events->size < sizeof(*events))
    return table.spawn(host, request, events, user, out);
  note("{}", described(*request));
  return table.spawn(host, request, &kProcessEvents, Witness::current().keep(HeardProcess{*events, user}), out);
}
baton_status write(const baton_host* host, baton_process process, baton_str bytes) noexcept {
  note("write {}", view(bytes));
  return real<baton_host_process>().write(host, process, bytes);
}
baton_status close_stdin(const baton_host* host, baton_process process) noexcept {
  note("close_stdin");
  return real<baton_host_process>().close_stdin(host, process);
}
baton_status send_signal(const baton_host* host, baton_process process, int32_t number) noexcept {
  note("signal {}", number);
  return real<baton_host_process>().signal(host, process, number);
}
baton_status stop(const baton_host* host, baton_process process, int64_t grace_ns) noexcept {
  note("stop {}", grace_ns);
  return real<baton_host_process>().stop(host, process, grace_ns);
}
baton_status pause(const baton_host* host, baton_process process, uint32_t paused) noexcept {
  note("pause {}", paused);
  return real<baton_host_process>().pause(host, process, paused);
}
baton_status close_process(const baton_host* host, baton_process process) noexcept {
  note("close process");
  return real<baton_host_process>().close(host, process);
}
constexpr baton_host_process kProcess{
    sizeof(baton_host_process), 0, spawn, write, close_stdin, send_signal, stop, pause, close_process};

// NOLINTBEGIN(readability-function-size): how many parameters there are is the ABI's choice

// ---- baton.timer/1 ----

baton_status start_timer(const baton_host* host, baton_run owner, int64_t delay_ns, int64_t period_ns,
                         void (*on_fire)(void*, baton_timer) noexcept, void* user, baton_timer* out) noexcept {
  note("timer {} {}", delay_ns, period_ns);
  const auto& table = real<baton_host_timer>();
  if (on_fire == nullptr) return table.start(host, owner, delay_ns, period_ns, on_fire, user, out);
  auto* callback = heard("on_fire", on_fire, user);
  return table.start(host, owner, delay_ns, period_ns, callback->call, callback, out);
}
baton_status close_timer(const baton_host* host, baton_timer timer) noexcept {
  note("close timer");
  return real<baton_host_timer>().close(host, timer);
}
constexpr baton_host_timer kTimer{sizeof(baton_host_timer), 0, start_timer, close_timer};

// ---- baton.files/1 ----

baton_status read_file(const baton_host* host, baton_run run, baton_str path, uint64_t max, baton_file_done done,
                       void* user, baton_file_op* out) noexcept {
  note("read {} {}", view(path), max);
  const auto& table = real<baton_host_files>();
  if (done == nullptr) return table.read(host, run, path, max, done, user, out);
  auto* callback = heard("on_file", done, user);
  return table.read(host, run, path, max, callback->call, callback, out);
}
baton_status write_file(const baton_host* host, baton_run run, baton_str path, baton_str bytes, uint32_t mode,
                        baton_file_done done, void* user, baton_file_op* out) noexcept {
  note("write {} {:o} {}", view(path), mode, view(bytes));
  const auto& table = real<baton_host_files>();
  if (done == nullptr) return table.write(host, run, path, bytes, mode, done, user, out);
  auto* callback = heard("on_file", done, user);
  return table.write(host, run, path, bytes, mode, callback->call, callback, out);
}
baton_status copy_in(const baton_host* host, baton_run run, baton_str from, baton_str path, uint32_t only_newer,
                     baton_file_done done, void* user, baton_file_op* out) noexcept {
  note("copy_in {} {}", view(from), view(path));
  const auto& table = real<baton_host_files>();
  if (done == nullptr) return table.copy_in(host, run, from, path, only_newer, done, user, out);
  auto* callback = heard("on_file", done, user);
  return table.copy_in(host, run, from, path, only_newer, callback->call, callback, out);
}
baton_status close_file(const baton_host* host, baton_file_op op) noexcept {
  return real<baton_host_files>().close(host, op);
}
constexpr baton_host_files kFiles{sizeof(baton_host_files), 0, read_file, write_file, copy_in, close_file};

// ---- baton.approval/1, baton.tools/1 ----

baton_status ask(const baton_host* host, const baton_approval_request* request,
                 void (*on_answer)(void*, baton_approval, uint32_t, baton_str) noexcept, void* user,
                 baton_approval* out) noexcept {
  const auto& table = real<baton_host_approval>();
  if (request == nullptr || request->size < sizeof(*request) || on_answer == nullptr)
    return table.ask(host, request, on_answer, user, out);
  note("ask {} {}", view(request->tool), view(request->args_json));
  auto* callback = heard("on_answer", on_answer, user);
  return table.ask(host, request, callback->call, callback, out);
}
baton_status close_question(const baton_host* host, baton_approval question) noexcept {
  note("close question");
  return real<baton_host_approval>().close(host, question);
}
constexpr baton_host_approval kApproval{sizeof(baton_host_approval), 0, ask, close_question};

baton_status list_tools(const baton_host* host, baton_run run, baton_str* out) noexcept {
  note("list tools");
  return real<baton_host_tools>().list(host, run, out);
}
baton_status call_tool(const baton_host* host, baton_run run, baton_str name, baton_str args,
                       void (*on_result)(void*, baton_tool_call, uint32_t, baton_str) noexcept, void* user,
                       baton_tool_call* out) noexcept {
  note("call tool {} {}", view(name), view(args));
  const auto& table = real<baton_host_tools>();
  if (on_result == nullptr) return table.call(host, run, name, args, on_result, user, out);
  auto* callback = heard("on_result", on_result, user);
  return table.call(host, run, name, args, callback->call, callback, out);
}
baton_status close_tool_call(const baton_host* host, baton_tool_call call) noexcept {
  note("close tool call");
  return real<baton_host_tools>().close(host, call);
}
constexpr baton_host_tools kTools{sizeof(baton_host_tools), 0, list_tools, call_tool, close_tool_call};

// NOLINTEND(readability-function-size)

// ---- baton.http/1 ----

struct HeardExchange {
  baton_http_events events;
  void* user;
};

constexpr baton_http_events kHttpEvents{
    sizeof(baton_http_events), 0,
    [](void* self, baton_http http, int32_t status, const baton_field* headers, size_t count) noexcept {
      const HeardExchange mine = *static_cast<HeardExchange*>(self);
      if (mine.events.on_head == nullptr) return;
      Witness::current().visit("on_head", [&] { mine.events.on_head(mine.user, http, status, headers, count); });
    },
    [](void* self, baton_http http, baton_str bytes) noexcept {
      const HeardExchange mine = *static_cast<HeardExchange*>(self);
      if (mine.events.on_body == nullptr || !Witness::current().too_slow().empty()) return;
      Witness::current().visit("on_body", [&] { mine.events.on_body(mine.user, http, bytes); });
    },
    [](void* self, baton_http http, baton_status status, baton_str text) noexcept {
      const HeardExchange mine = *static_cast<HeardExchange*>(self);
      if (mine.events.on_done == nullptr) return;
      Witness::current().visit("on_done", [&] { mine.events.on_done(mine.user, http, status, text); });
    }};

baton_status start_http(const baton_host* host, const baton_http_request* request, const baton_http_events* events,
                        void* user, baton_http* out) noexcept {
  const auto& table = real<baton_host_http>();
  if (request == nullptr || events == nullptr || request->size < sizeof(*request) || events->size < sizeof(*events))
    return table.start(host, request, events, user, out);
  note("{} {} {}", view(request->method), view(request->url), view(request->body));
  return table.start(host, request, &kHttpEvents, Witness::current().keep(HeardExchange{*events, user}), out);
}
baton_status pause_http(const baton_host* host, baton_http http, uint32_t paused) noexcept {
  note("pause http {}", paused);
  return real<baton_host_http>().pause(host, http, paused);
}
baton_status close_http(const baton_host* host, baton_http http) noexcept {
  note("close http");
  return real<baton_host_http>().close(host, http);
}
constexpr baton_host_http kHttp{sizeof(baton_host_http), 0, start_http, pause_http, close_http};

// ---- baton.store/1 ----

baton_status get(const baton_host* host, baton_str key, baton_str* out) noexcept {
  note("get {}", view(key));
  return real<baton_host_store>().get(host, key, out);
}
baton_status put(const baton_host* host, baton_str key, baton_str value) noexcept {
  note("put {} {}", view(key), view(value));
  return real<baton_host_store>().put(host, key, value);
}
baton_status erase(const baton_host* host, baton_str key) noexcept {
  note("erase {}", view(key));
  return real<baton_host_store>().erase(host, key);
}
constexpr baton_host_store kStore{sizeof(baton_host_store), 0, get, put, erase};

template <class Table>
const void* shown(const Table& heard, const void* real) {
  Witness::real<Table>() = static_cast<const Table*>(real);
  return &heard;
}

}  // namespace

const void* heard_table(std::string_view id, const void* real) {
  if (real == nullptr) return nullptr;
  if (id == BATON_EXT_RUN) return shown(kRun, real);
  if (id == BATON_EXT_PROCESS) return shown(kProcess, real);
  if (id == BATON_EXT_TIMER) return shown(kTimer, real);
  if (id == BATON_EXT_FILES) return shown(kFiles, real);
  if (id == BATON_EXT_HTTP) return shown(kHttp, real);
  if (id == BATON_EXT_APPROVAL) return shown(kApproval, real);
  if (id == BATON_EXT_TOOLS) return shown(kTools, real);
  if (id == BATON_EXT_STORE) return shown(kStore, real);
  return real;
}

}  // namespace baton::plugin_check
