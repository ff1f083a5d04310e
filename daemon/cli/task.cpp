// baton task new|list|show|claim
#include <fmt/core.h>

#include "base/json_writer.hpp"
#include "cli/commands.hpp"
#include "http/target.hpp"

namespace baton::cli {
namespace {

void print_line(json::Value task) {
  fmt::print("{}  {:<11}  {:>3}  {}\n", json::text(task, "id").value_or("?"), json::text(task, "status").value_or("?"),
             json::integer(task, "priority").value_or(0), json::text(task, "title").value_or(""));
}

void print_fact(std::string_view name, json::Value task, std::string_view key) {
  if (const auto text = json::text(task, key)) fmt::print("{:<12} {}\n", name, *text);
}

int print_executions(ApiClient& client, const std::string& id) {
  const auto ledger = client.need(http::Method::kGet, "/api/board/" + http::percent_encoded(id) + "/executions");
  if (!ledger) return report(ledger.error());
  const auto rows = json::member(ledger->root(), "executions");
  if (!rows || !rows->is_array()) return kOk;
  for (const json::Value row : simdjson::dom::array(*rows)) {
    fmt::print("run          {} {} {}\n", json::text(row, "executorType").value_or("?"),
               json::text(row, "status").value_or("?"), json::text(row, "error").value_or(""));
  }
  return kOk;
}

}  // namespace

int new_task(ApiClient& client, const NewTaskOptions& options) {
  std::string body;
  json::Writer json(body);
  json.object().field("title", options.title);
  if (options.description) json.field("description", *options.description);
  if (options.team) json.field("teamId", *options.team);
  if (options.parent) json.field("parentTaskId", *options.parent);
  json.field("priority", options.priority).end();
  const auto answer = client.need(http::Method::kPost, "/api/board", std::move(body));
  if (!answer) return report(answer.error());
  const auto task = json::member(answer->root(), "task");
  if (!task) return report({Errc::kInternal, "the answer has no task"});
  fmt::print("{}\n", json::text(*task, "id").value_or(""));
  return kOk;
}

int list_tasks(ApiClient& client, const ListOptions& options) {
  std::string cursor;
  do {
    std::string target = "/api/board?limit=500";
    if (options.team) target += "&teamId=" + http::percent_encoded(*options.team);
    if (options.status) target += "&status=" + http::percent_encoded(*options.status);
    if (options.ready) target += "&ready=true";
    if (!cursor.empty()) target += "&cursor=" + http::percent_encoded(cursor);
    const auto page = client.need(http::Method::kGet, target);
    if (!page) return report(page.error());
    const auto tasks = json::member(page->root(), "tasks");
    if (!tasks || !tasks->is_array()) return report({Errc::kInternal, "the answer has no tasks"});
    for (const json::Value task : simdjson::dom::array(*tasks)) print_line(task);
    cursor = json::text(page->root(), "nextCursor").value_or("");
  } while (!cursor.empty());
  return kOk;
}

int show_task(ApiClient& client, const std::string& id) {
  const auto answer = client.need(http::Method::kGet, "/api/board/" + http::percent_encoded(id));
  if (!answer) return report(answer.error());
  const auto task = json::member(answer->root(), "task");
  if (!task) return report({Errc::kInternal, "the answer has no task"});
  for (const auto& [name, key] : {std::pair{"id", "id"},
                                  {"title", "title"},
                                  {"status", "status"},
                                  {"owner", "assigneeAgentId"},
                                  {"runtime", "assigneeRuntime"},
                                  {"team", "teamId"},
                                  {"worktree", "worktreeRef"},
                                  {"branch", "branchRef"},
                                  {"description", "description"}}) {
    print_fact(name, *task, key);
  }
  const auto comments = json::member(answer->root(), "comments");
  if (comments && comments->is_array()) {
    for (const json::Value comment : simdjson::dom::array(*comments)) {
      fmt::print("comment      {}: {}\n", json::text(comment, "authorType").value_or("?"),
                 json::text(comment, "body").value_or(""));
    }
  }
  return print_executions(client, id);
}

int claim_task(ApiClient& client, const std::string& id, const std::string& agent) {
  std::string body;
  json::Writer json(body);
  json.object().field("assigneeAgentId", agent).end();
  const auto answer =
      client.need(http::Method::kPost, "/api/board/" + http::percent_encoded(id) + "/claim", std::move(body));
  if (!answer) return report(answer.error());
  const auto task = json::member(answer->root(), "task");
  fmt::print("claimed, fence {}\n", task ? json::integer(*task, "fence").value_or(0) : 0);
  return kOk;
}

}  // namespace baton::cli
