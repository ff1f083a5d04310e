// /api/gc and /api/salvage: what is removed although nobody looks, and the way back.
#include <algorithm>
#include <chrono>

#include "api/answer.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "base/text.hpp"

namespace baton::api {
namespace {

using executor::Collector;
using executor::Salvage;
using reactor::Task;

constexpr std::size_t kShown = 1000;                         // of a list; a filter shows the others
constexpr std::int64_t kMostNumber = 1'000'000'000;          // of something kept
constexpr std::int64_t kMostAge = 100LL * 365 * 86'400'000;  // ms

constexpr Field kRestore[] = {
    {.name = "branch", .min = 1, .max = 200, .about = "for a commit; clawboo/salvage-<task>-<n> when not given"},
    {.name = "repoPath", .min = 1, .max = 4000, .about = "when it is not that of the task's workspace"},
};

constexpr Field kPrune[] = {
    {.name = "olderThanMs",
     .kind = Kind::kInteger,
     .min = 0,
     .max = kMostAge,
     .about = "forget what was kept for longer; the configuration's time when not given"},
};

std::string utf8(const std::string& text) { return text::repaired_utf8(text); }

// Details too: the largest of too many ignored files.
void write_failure(json::Writer& json, const Error& error) {
  json.field("error", error.reason.empty() ? std::string_view("failed") : error.reason);
  http::write_message(json, error);
}

void write_entry(json::Writer& json, const executor::SalvageEntry& entry) {
  const auto& kept = entry.kept;
  json.object().field("taskId", kept.task_id.value).field("n", kept.n).field("repoPath", utf8(entry.repo_path));
  json.field("kind", kept.is_files() ? "files" : "commit");
  if (kept.kept_ms > 0) json.field("keptAt", kept.kept_ms);
  if (kept.is_files()) {
    json.field("bytes", static_cast<std::int64_t>(kept.bytes));
  } else {
    json.field("commit", kept.commit).field("subject", utf8(kept.subject)).field("committedAt", kept.committed_ms);
  }
  json.end();
}

void write_list(json::Writer& json, std::string_view name, const executor::SalvageList& list) {
  json.field("ok", true).field("total", static_cast<std::int64_t>(list.entries.size())).key(name).array();
  for (std::size_t i = 0; i < std::min(list.entries.size(), kShown); ++i) write_entry(json, list.entries[i]);
  json.end().key("failures").array();
  for (const auto& [repo_path, error] : list.failures) {
    json.object().field("repoPath", utf8(repo_path));
    write_failure(json, error);
    json.end();
  }
  json.end();
}

Task<http::Response> collect(Collector& collector, http::Request) {
  const auto done = co_await collector.collect();
  co_return json_object([&](json::Writer& json) {
    json.field("ok", true).key("collected").array();
    for (const auto& one : done.collected) {
      json.object().field("taskId", one.task_id.value).field("worktreePath", utf8(one.worktree_path));
      json.field("why", one.why).field("head", one.head).end();
    }
    json.end().key("failures").array();
    for (const auto& one : done.failures) {
      json.object().field("taskId", one.task_id.value).field("worktreePath", utf8(one.worktree_path));
      write_failure(json, one.error);
      json.end();
    }
    json.end().field("kept", static_cast<std::int64_t>(done.kept));
    json.field("freeMb", static_cast<std::int64_t>(done.free_bytes / (1024 * 1024)));
  });
}

Task<http::Response> list(Salvage& salvage, http::Request request) {
  executor::SalvageFilter filter;
  if (const auto task = request.query_value("taskId")) filter.task = TaskId(*task);
  if (const auto repo_path = request.query_value("repoPath")) filter.repo_path = std::string(*repo_path);
  const auto found = co_await salvage.list(std::move(filter));
  co_return json_object([&](json::Writer& json) { write_list(json, "entries", found); });
}

Task<http::Response> restore(Salvage& salvage, http::Request request) {
  const auto number = whole_number(request.params[1], "n", 1, kMostNumber);
  if (!number) co_return http::error_response(number.error());
  const auto body = read_fields(kRestore, request.body);
  if (!body) co_return http::invalid_body(body.error());
  executor::SalvageRequest wanted;
  wanted.task_id = TaskId(request.params[0]);
  wanted.n = static_cast<int>(*number);
  wanted.branch = body->text("branch").value_or("");
  wanted.repo_path = body->text("repoPath");
  const auto restored = co_await salvage.restore(std::move(wanted));
  if (!restored) co_return http::error_response(restored.error());
  co_return json_object([&](json::Writer& json) {
    json.field("ok", true).field("repoPath", utf8(restored->repo_path));
    if (!restored->commit.empty()) json.field("branch", restored->branch).field("commit", restored->commit);
    if (!restored->files) return;
    json.key("files").object().field("moved", static_cast<std::int64_t>(restored->files->moved));
    json.key("conflicts").array();
    for (const auto& name : restored->files->conflicts) json.value(utf8(name));
    json.end().end();
  });
}

Task<http::Response> prune(Salvage& salvage, http::Request request) {
  const auto body = read_fields(kPrune, request.body);
  if (!body) co_return http::invalid_body(body.error());
  std::optional<std::chrono::milliseconds> older_than;
  if (const auto given = body->integer("olderThanMs")) older_than = std::chrono::milliseconds(*given);
  const auto forgotten = co_await salvage.prune(older_than);
  co_return json_object([&](json::Writer& json) { write_list(json, "forgotten", forgotten); });
}

}  // namespace

std::vector<http::Route> salvage_routes(Collector& collector, Salvage& salvage) {
  using enum http::Method;
  const auto kept = [&salvage](Task<http::Response> (*handle)(Salvage&, http::Request)) {
    return [&salvage, handle](http::Request request) { return handle(salvage, std::move(request)); };
  };
  return {
      {.method = kPost,
       .pattern = "/api/gc",
       .operation = "collectWorktrees",
       .summary = "Takes away worktrees that nobody uses, as the timer does: all of it is committed, branches stay.",
       .tag = "salvage",
       .task_handler = [&collector](http::Request request) { return collect(collector, std::move(request)); },
       .answers = {{200, "what was collected, what could not be and why"}}},
      {.method = kGet,
       .pattern = "/api/salvage",
       .operation = "listSalvage",
       .summary = "What was kept when something was removed: commits and ignored files, the newest first.",
       .tag = "salvage",
       .task_handler = kept(list),
       .query = {{"taskId", "only of this task"}, {"repoPath", "only of this repository, known to the board or not"}},
       .answers = {{200, "at most 1000 entries of `total`, and repositories that could not be read"}}},
      {.method = kPost,
       .pattern = "/api/salvage/{taskId}/{n}/restore",
       .operation = "restoreSalvage",
       .summary = "A new branch from a kept commit; kept files back into the task's worktree, replacing nothing.",
       .tag = "salvage",
       .task_handler = kept(restore),
       .body = kRestore,
       .answers = {{200, "the branch and its commit, or what was moved and what is in the way"},
                   {400, "a field is wrong"},
                   {404, "no_salvage, workspace_not_found"},
                   {409, "branch_exists, no_checkout, busy"},
                   {422, "not_a_repository, or no name for a branch"}}},
      {.method = kPost,
       .pattern = "/api/salvage/prune",
       .operation = "pruneSalvage",
       .summary = "Forgets what was kept for too long or is too much, as the timer does.",
       .tag = "salvage",
       .task_handler = kept(prune),
       .body = kPrune,
       .answers = {{200, "what was forgotten; git finds its commits by their ids until it collects them"},
                   {400, "a field is wrong"}}},
  };
}

}  // namespace baton::api
