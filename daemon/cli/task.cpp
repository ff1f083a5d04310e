// baton task new|list|show|why
#include <fmt/core.h>

#include "cli/answers.hpp"
#include "cli/task_commands.hpp"
#include "http/target.hpp"

namespace baton::cli {
namespace {

using http::Method;

void print_fact(std::string_view name, json::Value task, std::string_view key) {
  if (const auto text = json::text(task, key)) fmt::print("{:<12} {}\n", name, *text);
}

void print_time(std::string_view name, json::Value task, std::string_view key) {
  if (json::integer(task, key)) fmt::print("{:<12} {}\n", name, time_of(task, key));
}

void print_task(json::Value task) {
  for (const auto& [name, key] : {std::pair{"id", "id"},
                                  {"title", "title"},
                                  {"status", "status"},
                                  {"kind", "kind"},
                                  {"owner", "assigneeAgentId"},
                                  {"runtime", "assigneeRuntime"},
                                  {"team", "teamId"},
                                  {"worktree", "worktreeRef"},
                                  {"branch", "branchRef"},
                                  {"description", "description"}}) {
    print_fact(name, task, key);
  }
  if (const auto fence = json::integer(task, "fence"); fence && json::text(task, "assigneeAgentId")) {
    fmt::print("{:<12} {}\n", "fence", *fence);
  }
  print_time("claimed", task, "claimedAt");
  print_time("lease until", task, "leaseExpiresAt");
  if (json::integer(task, "dropped") == 1) fmt::print("{:<12} yes\n", "dropped");
}

void print_blockers(json::Value answer) {
  const auto blockers = json::member(answer, "blockedBy");
  if (!blockers || !blockers->is_array()) return;
  for (const json::Value blocker : simdjson::dom::array(*blockers)) {
    fmt::print("waits for    {} {}{}  {}\n", json::text(blocker, "id").value_or("?"),
               json::text(blocker, "status").value_or("?"),
               json::boolean(blocker, "dropped").value_or(false) ? ", dropped" : "",
               json::text(blocker, "title").value_or(""));
  }
}

void print_comments(json::Value answer) {
  const auto comments = json::member(answer, "comments");
  if (!comments || !comments->is_array()) return;
  for (const json::Value comment : simdjson::dom::array(*comments)) {
    fmt::print("comment      {}: {}\n", json::text(comment, "authorType").value_or("?"),
               json::text(comment, "body").value_or(""));
  }
}

int print_executions(ApiClient& client, const std::string& id) {
  const auto ledger = client.need(Method::kGet, task_path(id, "/executions"));
  if (!ledger) return report(ledger.error());
  const auto rows = json::member(ledger->root(), "executions");
  if (!rows || !rows->is_array()) return kOk;
  for (const json::Value row : simdjson::dom::array(*rows)) {
    fmt::print("run          {} {} {}\n", json::text(row, "executorType").value_or("?"),
               json::text(row, "status").value_or("?"), json::text(row, "error").value_or(""));
  }
  return kOk;
}

std::string list_target(const ListOptions& options, std::string_view cursor) {
  std::string target = "/api/board?limit=500";
  if (options.team) target += "&teamId=" + http::percent_encoded(*options.team);
  if (options.status) target += "&status=" + http::percent_encoded(*options.status);
  if (options.ready) target += "&ready=true";
  if (options.dropped) target += "&includeDropped=true";
  if (!cursor.empty()) target += "&cursor=" + http::percent_encoded(cursor);
  return target;
}

}  // namespace

int new_task(ApiClient& client, const NewTaskOptions& options) {
  std::string body = body_of([&](json::Writer& json) {
    json.field("title", options.title).field("priority", options.priority);
    if (options.description) json.field("description", *options.description);
    if (options.team) json.field("teamId", *options.team);
    if (options.parent) json.field("parentTaskId", *options.parent);
    if (options.kind) json.field("kind", *options.kind);
  });
  return ask(client, Method::kPost, "/api/board", std::move(body), options.json, [](json::Value root) {
    fmt::print("{}\n", json::text(task_of(root), "id").value_or("?"));
    return kOk;
  });
}

int list_tasks(ApiClient& client, const ListOptions& options) {
  std::string cursor;
  do {
    const auto page = client.need(Method::kGet, list_target(options, cursor));
    if (!page) return report(page.error());
    const auto tasks = json::member(page->root(), "tasks");
    if (!tasks || !tasks->is_array()) return report({Errc::kInternal, "the answer has no tasks"});
    for (const json::Value task : simdjson::dom::array(*tasks)) {
      if (options.json) {
        fmt::print("{}\n", simdjson::to_string(task));
      } else {
        print_line(task);
      }
    }
    cursor = json::text(page->root(), "nextCursor").value_or("");
  } while (!cursor.empty());
  return kOk;
}

int show_task(ApiClient& client, const OneTask& task) {
  return ask(client, Method::kGet, task_path(task.id), {}, task.json, [&](json::Value root) {
    print_task(task_of(root));
    print_blockers(root);
    print_comments(root);
    return print_executions(client, task.id);
  });
}

int explain_task(ApiClient& client, const OneTask& task) {
  return ask(client, Method::kGet, task_path(task.id, "/why"), {}, task.json, [](json::Value root) {
    fmt::print("{}\n", json::text(root, "sentence").value_or("?"));
    print_blockers(root);
    return kOk;
  });
}

}  // namespace baton::cli
