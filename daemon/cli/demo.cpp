// baton demo: one real task, two runtimes, one real gate, seen through the public HTTP API alone.
//
// Each step is checked as it is shown; the last line is printed only when all of them held.
#include <filesystem>

#include <fmt/core.h>
#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/demo_world.hpp"
#include "cli/local_daemon.hpp"

namespace baton::cli {
namespace {

using http::Method;

constexpr auto kRunDeadline = std::chrono::seconds(60);

Result<Unit> expect(bool holds, const std::string& what) {
  if (!holds) return fail(Errc::kInternal, "the demo expected that " + what);
  return Unit{};
}

void print_indented(std::string_view block) {
  for (const auto line : text::lines(block)) fmt::print("    {}\n", line);
}

std::string text_at(json::Value object, std::string_view outer, std::string_view inner) {
  const auto member = json::member(object, outer);
  return member ? std::string(json::text(*member, inner).value_or("")) : std::string();
}

Result<std::string> create_task(ApiClient& api) {
  std::string body;
  json::Writer(body)
      .object()
      .field("title", "Write the two greetings")
      .field("description",
             "hello.sh prints \"Hello, Baton\", goodbye.sh prints \"Goodbye, Baton\"; test.sh checks both.")
      .field("teamId", "demo")
      .end();
  const auto answer = api.need(Method::kPost, "/api/board", std::move(body));
  if (!answer) return fail(answer.error());
  auto id = text_at(answer->root(), "task", "id");
  if (auto held = expect(!id.empty(), "a new task has an id"); !held) return fail(held);
  fmt::print("1. a task is on the board: {}\n", id);
  return id;
}

Result<json::Document> run(ApiClient& api, const std::string& task, const DemoWorld& world, std::string_view runtime,
                           bool keep) {
  std::string body;
  json::Writer json(body);
  json.object().field("taskId", task).field("repoPath", world.repository.string());
  json.field("keepForResume", keep).end();
  return api.need(Method::kPost, fmt::format("/api/runtimes/{}/run", runtime), std::move(body), kRunDeadline);
}

Result<Unit> first_half(ApiClient& api, const std::string& task, const DemoWorld& world) {
  const auto report = run(api, task, world, kFirstRuntime, true);
  if (!report) return fail(report.error());
  fmt::print("2. {} worked on it in a worktree of its own and stopped: \"{}\"\n", kFirstRuntime,
             json::text(report->root(), "summary").value_or(""));
  if (auto held = expect(json::text(report->root(), "status") == "todo", "a paused task is free again"); !held)
    return held;
  const auto workspace = api.need(Method::kGet, "/api/board/" + task + "/workspace");
  if (!workspace) return fail(workspace.error());
  const auto handoff = json::member(workspace->root(), "handoff");
  if (auto held = expect(handoff && handoff->is_object(), "a hand-off was left"); !held) return held;
  fmt::print("3. the hand-off it left (AGENT_HANDOFF.json):\n");
  print_indented(simdjson::to_string(*handoff));
  return expect(json::text(*handoff, "nextBestStep").value_or("").find("goodbye.sh") != std::string_view::npos,
                "the hand-off names the next step");
}

Result<Unit> second_half(ApiClient& api, const std::string& task, const DemoWorld& world) {
  const auto report = run(api, task, world, kSecondRuntime, false);
  if (!report) return fail(report.error());
  fmt::print("4. {} picked it up cold, from the worktree alone: \"{}\"\n", kSecondRuntime,
             json::text(report->root(), "summary").value_or(""));
  return expect(json::text(report->root(), "status") == "done", "the finished task is done");
}

Result<Unit> check_verdict(ApiClient& api, const std::string& task) {
  const auto answer = api.need(Method::kGet, "/api/board/" + task);
  if (!answer) return fail(answer.error());
  const auto verdict = json::Document::parse(text_at(answer->root(), "task", "verification"));
  if (!verdict) return fail(verdict.error());
  const auto attempts = json::member(verdict->root(), "attempts");
  if (auto held = expect(attempts && attempts->is_array(), "a verdict was recorded"); !held) return held;
  for (const json::Value attempt : simdjson::dom::array(*attempts)) {
    const auto gate = json::member(attempt, "deterministic");
    if (!gate) continue;
    fmt::print("5. the gate ran '{}': exit {}\n", json::text(*gate, "command").value_or("?"),
               json::integer(*gate, "exitCode").value_or(-1));
  }
  return expect(json::text(verdict->root(), "status") == "pass", "the gate passed");
}

Result<Unit> show_ledger(ApiClient& api, const std::string& task) {
  const auto answer = api.need(Method::kGet, "/api/board/" + task + "/executions");
  if (!answer) return fail(answer.error());
  const auto rows = json::member(answer->root(), "executions");
  if (auto held = expect(rows && rows->is_array(), "there is a ledger"); !held) return held;
  fmt::print("6. the ledger:\n");
  std::string order;
  for (const json::Value row : simdjson::dom::array(*rows)) {
    const auto runtime = json::text(row, "executorType").value_or("?");
    const auto status = json::text(row, "status").value_or("?");
    const auto took = json::integer(row, "completedAt").value_or(0) - json::integer(row, "startedAt").value_or(0);
    fmt::print("    {:<8} {:<10} {:>5} ms\n", runtime, status, took);
    order += fmt::format("{}:{} ", runtime, status);
  }
  return expect(order == fmt::format("{}:succeeded {}:succeeded ", kFirstRuntime, kSecondRuntime),
                "both runs are in the ledger, in order");
}

Result<Unit> show_diff(ApiClient& api, const std::string& task) {
  const auto answer = api.need(Method::kGet, "/api/board/" + task + "/workspace/detail");
  if (!answer) return fail(answer.error());
  const auto diff = std::string(json::text(answer->root(), "diff").value_or(""));
  fmt::print("7. what the two of them changed:\n");
  print_indented(diff);
  return expect(diff.find("hello.sh") != std::string::npos && diff.find("goodbye.sh") != std::string::npos,
                "the diff holds the work of both");
}

Result<Unit> play(const DemoWorld& world) {
  auto daemon = LocalDaemon::start(world.state, world.config);
  if (!daemon) return fail(daemon.error());
  ApiClient api(daemon->peer());
  const auto task = create_task(api);
  if (!task) return fail(task.error());
  if (auto done = first_half(api, *task, world); !done) return done;
  if (auto done = second_half(api, *task, world); !done) return done;
  if (auto done = check_verdict(api, *task); !done) return done;
  if (auto done = show_ledger(api, *task); !done) return done;
  if (auto done = show_diff(api, *task); !done) return done;
  return daemon->stop();
}

}  // namespace

int run_demo() {
  const auto world = make_demo_world();
  if (!world) return report(world.error());
  if (const auto played = play(*world); !played) {
    fmt::print(stderr, "baton: {}\nbaton: everything is kept in {}\n", played.error().what, world->root.string());
    return kRefused;
  }
  std::error_code ignored;
  std::filesystem::remove_all(world->root, ignored);
  fmt::print("demo: {} -> {}, task done, verified pass\n", kFirstRuntime, kSecondRuntime);
  return kOk;
}

}  // namespace baton::cli
