// /api/board: tasks themselves (contract §1.3).
#include <charconv>

#include <fmt/format.h>

#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/routes.hpp"
#include "base/limits.hpp"
#include "board/claim.hpp"
#include "board/create.hpp"
#include "board/edit.hpp"
#include "board/read.hpp"

namespace baton::api {
namespace {

constexpr std::string_view kStatuses[] = {"backlog", "todo", "in_progress", "in_review",
                                          "blocked", "done", "cancelled"};

constexpr Field kCreate[] = {
    {.name = "title", .required = true, .min = 1, .max = limits::kTitle},
    {.name = "description", .max = limits::kDescription},
    {.name = "status", .one_of = kStatuses, .about = "todo when not given"},
    {.name = "priority", .kind = Kind::kInteger, .about = "higher is more urgent; may be negative"},
    {.name = "teamId", .min = 1, .max = limits::kName},
    {.name = "assigneeRuntime", .min = 1, .max = limits::kName},
    {.name = "parentTaskId", .min = 1},
    {.name = "sourceDelegationId", .min = 1, .max = limits::kName},
    {.name = "tenantId", .min = 1, .max = limits::kName},
};

constexpr Field kClaim[] = {
    {.name = "assigneeAgentId", .required = true, .min = 1, .max = limits::kName},
    {.name = "assigneeRuntime", .min = 1, .max = limits::kName},
    {.name = "ignoreDependencies", .kind = Kind::kBoolean, .about = "claim although a task it depends on is not done"},
};

constexpr Field kEdit[] = {
    {.name = "status", .one_of = kStatuses},
    {.name = "priority", .kind = Kind::kInteger},
    {.name = "title", .min = 1, .max = limits::kTitle},
    {.name = "description", .max = limits::kDescription},
    {.name = "humanOverride",
     .kind = Kind::kBoolean,
     .about = "lets a task become done past its verification; audited"},
    {.name = "fence", .kind = Kind::kInteger, .about = "refused with stale_fence unless it is the task's current one"},
};

// Opaque to clients: "<priority>.<row>".
std::string cursor_text(const store::TaskCursor& cursor) { return fmt::format("{}.{}", cursor.priority, cursor.row); }

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<store::TaskCursor> cursor_from(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto priority = whole_number(text.substr(0, dot));
  const auto row = whole_number(text.substr(dot + 1));
  if (!priority || !row) return std::nullopt;
  return store::TaskCursor{*priority, *row};
}

struct ListQuery {
  store::TaskFilter filter;
  std::optional<store::TaskCursor> after;
  std::size_t limit = limits::kListPage;
  bool matches_nothing = false;  // a status that does not exist: an empty list (contract §1.3)
};

tl::expected<ListQuery, http::Response> read_list_query(const http::Request& request) {
  ListQuery query;
  if (const auto team = request.query_value("teamId")) query.filter.team_id = *team;
  query.filter.ready = request.query_value("ready") == "true";
  query.filter.include_dropped = request.query_value("includeDropped") == "true";
  if (const auto status = request.query_value("status")) {
    query.filter.status = store::task_status_from(*status);
    query.matches_nothing = !query.filter.status && !query.filter.ready;
  }
  if (const auto limit = request.query_value("limit")) {
    const auto number = whole_number(*limit);
    if (!number || *number < 1 || *number > static_cast<std::int64_t>(limits::kListPage)) {
      return tl::unexpected(
          http::error_response(400, fmt::format("limit must be a number from 1 to {}", limits::kListPage)));
    }
    query.limit = static_cast<std::size_t>(*number);
  }
  if (const auto cursor = request.query_value("cursor")) {
    query.after = cursor_from(*cursor);
    if (!query.after) return tl::unexpected(http::error_response(400, "cursor is not one that this server gave"));
  }
  return query;
}

// The store gives up on a page after a bounded piece of the list, so a page may be empty and not the last; a client
// should not have to know. What is looked at for one request stays bounded.
Result<store::TaskPage> read_page(board::Board& board, ListQuery query) {
  constexpr int kPiecesAtMost = 8;
  for (int piece = 1;; ++piece) {
    auto page = board.read(
        [&](const store::View& view) { return board::list_tasks(view, query.filter, query.after, query.limit); });
    if (!page || !page->tasks.empty() || !page->next || piece == kPiecesAtMost) return page;
    query.after = page->next;
  }
}

void list_tasks(board::Board& board, http::Request& request, http::Responder responder) {
  const auto query = read_list_query(request);
  if (!query) return responder.send(query.error());
  store::TaskPage page;
  if (!query->matches_nothing) {
    auto read = read_page(board, *query);
    if (!read) return responder.send(http::error_response(read.error()));
    page = *std::move(read);
  }
  responder.send(json_object([&](json::Writer& json) {
    json.key("tasks");
    write_json(json, page.tasks);
    if (page.next) json.field("nextCursor", cursor_text(*page.next));
  }));
}

void create_task(board::Board& board, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kCreate, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  board::NewTask task;
  task.title = body->need_text("title");
  task.description = body->text("description");
  if (const auto status = body->text("status")) task.status = *store::task_status_from(*status);
  task.priority = body->integer("priority").value_or(0);
  task.team_id = body->text("teamId");
  task.assignee_runtime = body->text("assigneeRuntime");
  if (auto parent = body->text("parentTaskId")) task.parent_task_id = TaskId(*std::move(parent));
  task.source_delegation_id = body->text("sourceDelegationId");
  task.tenant_id = body->text("tenantId");
  board.write([task = std::move(task)](store::Tx& tx) { return board::create_task(tx, task); },
              answer_with<store::Task>(
                  std::move(responder),
                  [](json::Writer& json, const store::Task& created) {
                    json.key("task");
                    write_json(json, created);
                  },
                  [](const Error& error) { return refused(error, "parent task not found"); }));
}

void read_task(board::Board& board, http::Request& request, http::Responder responder) {
  const auto detail =
      board.read([&](const store::View& view) { return board::read_task(view, TaskId(request.params[0])); });
  if (!detail) return responder.send(refused(detail.error(), "task not found"));
  responder.send(json_object([&](json::Writer& json) {
    json.key("task");
    write_json(json, detail->task);
    json.key("comments");
    write_json(json, detail->comments);
    json.key("ancestors");
    write_json(json, detail->ancestors);
  }));
}

void write_ok_task(json::Writer& json, const store::Task& task) {
  json.field("ok", true).key("task");
  write_json(json, task);
}

// {"ok":false,"error":"conflict","reason":"claimed","message":…}
http::Response claim_refused(const Error& error) {
  if (error.code != Errc::kConflict) return refused(error, "not_found");
  auto response = json_object([&](json::Writer& json) {
    json.field("ok", false).field("error", "conflict").field("reason", error.reason).field("message", error.what);
  });
  response.status = 409;
  return response;
}

void claim_task(board::Board& board, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kClaim, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  board::ClaimRequest claim{.task_id = TaskId(request.params[0]),
                            .assignee_agent_id = body->need_text("assigneeAgentId"),
                            .assignee_runtime = body->text("assigneeRuntime"),
                            .ignore_dependencies = body->boolean("ignoreDependencies").value_or(false)};
  board.write([claim = std::move(claim)](store::Tx& tx) { return board::claim(tx, claim); },
              answer_with<store::Task>(std::move(responder), write_ok_task, claim_refused));
}

void edit_task(board::Board& board, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kEdit, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  if (body->empty())
    return responder.send(http::invalid_body({.form_errors = {"has no field to change"}, .field_errors = {}}));
  board::TaskEdit edit;
  edit.task_id = TaskId(request.params[0]);
  if (const auto status = body->text("status")) edit.status = store::task_status_from(*status);
  edit.priority = body->integer("priority");
  edit.title = body->text("title");
  edit.description = body->text("description");
  edit.human_override = body->boolean("humanOverride").value_or(false);
  edit.fence = body->integer("fence");
  const std::string_view missing = edit.status ? "not_found" : "task not found";
  board.write([edit = std::move(edit)](store::Tx& tx) { return board::edit_task(tx, edit); },
              answer_with<store::Task>(std::move(responder), write_ok_task,
                                       [missing](const Error& error) { return refused(error, missing); }));
}

}  // namespace

std::vector<http::Route> task_routes(board::Board& board) {
  using enum http::Method;
  const auto bind = [&board](void (*handle)(board::Board&, http::Request&, http::Responder)) {
    return [&board, handle](http::Request& request, http::Responder responder) {
      handle(board, request, std::move(responder));
    };
  };
  return {
      {.method = kGet,
       .pattern = "/api/board",
       .operation = "listTasks",
       .summary = "Lists tasks, newest first; ready ones by priority, then oldest first.",
       .tag = "board",
       .handler = bind(list_tasks),
       .query = {{"teamId", "only tasks of this team"},
                 {"status", "only tasks with this status"},
                 {"ready", "true: only tasks that can be claimed now"},
                 {"includeDropped", "true: dropped tasks too"},
                 {"limit", "tasks per page, 1 to 500"},
                 {"cursor", "nextCursor of the page before"}},
       .answers = {{200, "a page of tasks"}, {400, "limit or cursor is wrong"}}},
      {.method = kPost,
       .pattern = "/api/board",
       .operation = "createTask",
       .summary = "Puts a task on the board.",
       .tag = "board",
       .handler = bind(create_task),
       .body = kCreate,
       .answers = {{200, "the task"}, {400, "a field is wrong"}, {404, "the parent is not on the board"}}},
      {.method = kGet,
       .pattern = "/api/board/{taskId}",
       .operation = "readTask",
       .summary = "Reads a task with its comments and ancestors.",
       .tag = "board",
       .handler = bind(read_task),
       .answers = {{200, "the task"}, {404, "no such task"}}},
      {.method = kPatch,
       .pattern = "/api/board/{taskId}",
       .operation = "editTask",
       .summary = "Changes texts, priority and status in one step.",
       .tag = "board",
       .handler = bind(edit_task),
       .body = kEdit,
       .answers = {{200, "the task"},
                   {400, "a field is wrong"},
                   {404, "no such task"},
                   {409, "illegal_transition, verification_required or stale_fence"}}},
      {.method = kPost,
       .pattern = "/api/board/{taskId}/claim",
       .operation = "claimTask",
       .summary = "Takes a task; exactly one of many claimants wins.",
       .tag = "board",
       .handler = bind(claim_task),
       .body = kClaim,
       .answers = {{200, "the task, owned by the claimant"},
                   {400, "a field is wrong"},
                   {404, "no such task"},
                   {409, "it cannot be claimed; reason: claimed, status, dropped or dependencies"}}},
  };
}

}  // namespace baton::api
