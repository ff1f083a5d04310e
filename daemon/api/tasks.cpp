// /api/board: one task, made and read (contract §1.3).
#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/once.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "api/task_answers.hpp"
#include "api/task_fields.hpp"
#include "base/limits.hpp"
#include "board/create.hpp"
#include "board/read.hpp"
#include "board/why.hpp"

namespace baton::api {
namespace {

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
    {.name = "kind", .min = 1, .max = kKindLength, .about = "what kind of work it is; code when not given"},
};

board::NewTask new_task(const Fields& body, const BoardSettings& settings) {
  board::NewTask task;
  task.title = body.need_text("title");
  task.description = body.text("description");
  if (const auto status = body.text("status")) task.status = *store::task_status_from(*status);
  task.priority = body.integer("priority").value_or(0);
  task.team_id = body.text("teamId");
  task.assignee_runtime = body.text("assigneeRuntime");
  if (auto parent = body.text("parentTaskId")) task.parent_task_id = TaskId(*std::move(parent));
  task.source_delegation_id = body.text("sourceDelegationId");
  task.tenant_id = body.text("tenantId");
  task.kind = body.text("kind");
  task.lease_ms = settings.stale_ttl.count();
  return task;
}

void write_created(json::Writer& json, const store::Task& created) {
  json.key("task");
  write_json(json, created);
}

void create_task(board::Board& board, const BoardSettings& settings, http::Request& request,
                 http::Responder responder) {
  auto key = once_key(request);
  if (!key) return responder.send(http::error_response(key.error()));
  const auto body = read_fields(kCreate, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  write_once<store::Task>(
      board, *std::move(key), std::move(responder),
      [task = new_task(*body, settings)](store::Tx& tx) { return board::create_task(tx, task); }, write_created,
      [](const Error& error) { return refused(error, "parent task not found"); });
}

void read_task(board::Board& board, TaskAnswers& answers, http::Request& request, http::Responder responder) {
  const TaskId id(std::move(request.params[0]));
  const auto state = request.query.empty() ? board.state() : std::nullopt;  // of pages nothing is kept
  if (const auto* kept = state ? answers.find(id, *state) : nullptr) return responder.send({.body = *kept});
  const auto before = query_history(request, "commentsCursor");
  if (!before) return responder.send(http::error_response(400, before.error().what));
  const auto detail = board.read([&](const store::View& view) { return board::read_task(view, id, *before); });
  if (!detail) return responder.send(refused(detail.error(), "task not found"));
  auto answer = object_text([&](json::Writer& json) {
    json.key("task");
    write_json(json, detail->task);
    json.key("comments");
    write_json(json, detail->comments);
    if (detail->older_comments) {
      json.field("moreComments", true).field("commentsCursor", history_cursor(*detail->older_comments));
    }
    json.key("ancestors");
    write_json(json, detail->ancestors);
    json.key("blockedBy");
    write_json(json, detail->blocked_by);
  });
  if (state) answers.keep(id, *state, answer);
  responder.send({.body = std::move(answer)});
}

void explain_task(board::Board& board, http::Request& request, http::Responder responder) {
  const TaskId id(std::move(request.params[0]));
  const auto found = board.read([&](const store::View& view) { return board::explain(view, id); });
  if (!found) return responder.send(refused(found.error(), "task not found"));
  responder.send(json_object([&](json::Writer& json) {
    json.field("ok", true).field("taskId", id.value).field("ready", found->ready).field("reason", found->reason);
    json.field("sentence", found->sentence).key("holder");
    if (found->holder) {
      write_json(json, *found->holder);
    } else {
      json.value(nullptr);
    }
    json.key("blockedBy");
    write_json(json, found->blocked_by);
    json.field("fence", found->task.fence).field("eventSeq", found->events_head);
  }));
}

}  // namespace

std::vector<http::Route> task_routes(board::Board& board, const BoardSettings& settings, TaskAnswers& answers) {
  using enum http::Method;
  return {
      {.method = kPost,
       .pattern = "/api/board",
       .operation = "createTask",
       .summary = "Puts a task on the board.",
       .tag = "board",
       .handler = bind(create_task, board, settings),
       .body = kCreate,
       .headers = {kIdempotencyKey},
       .answers = {{200, "the task"},
                   {400, "a field is wrong"},
                   {404, "the parent is not on the board"},
                   {422, "idempotency_key_reused"}}},
      {.method = kGet,
       .pattern = "/api/board/{taskId}",
       .operation = "readTask",
       .summary = "Reads a task with its comments, its ancestors and what it waits for.",
       .tag = "board",
       .handler = bind(read_task, board, answers),
       .query = {{"commentsCursor", "commentsCursor of an answer with moreComments: the comments before those"}},
       .answers = {{200, "the task; of many comments the newest"},
                   {400, "the cursor is wrong"},
                   {404, "no such task"}}},
      {.method = kGet,
       .pattern = "/api/board/{taskId}/why",
       .operation = "explainTask",
       .summary =
           "Why a task is not ready, in a sentence and in data: who holds it since when and until when, and what it "
           "waits for.",
       .tag = "board",
       .handler = bind(explain_task, board),
       .answers = {{200, "the reason: ready, claimed, status, dropped or dependencies"}, {404, "no such task"}}},
  };
}

}  // namespace baton::api
