// The ledger of runs (contract §1.3): of the daemon's own runs, and of clients that run agents themselves.
#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "api/task_fields.hpp"
#include "board/execution.hpp"

namespace baton::api {
namespace {

constexpr std::string_view kEnds[] = {"succeeded", "failed", "timed_out", "cancelled"};
constexpr std::int64_t kTextLimit = 20'000;

constexpr Field kOpen[] = {
    {.name = "executorType", .required = true, .min = 1, .max = 100},
    {.name = "workspaceId", .min = 1},
    {.name = "runReason", .max = 2000},
    {.name = "beforeCommit", .max = 200},
};

constexpr Field kClose[] = {
    {.name = "status", .required = true, .one_of = kEnds},
    {.name = "summary", .max = kTextLimit},
    {.name = "error", .max = kTextLimit},
    {.name = "afterCommit", .max = 200},
    {.name = "inputTokens", .kind = Kind::kInteger},
    {.name = "outputTokens", .kind = Kind::kInteger},
    {.name = "cacheRead", .kind = Kind::kInteger},
    {.name = "cacheWrite", .kind = Kind::kInteger},
    {.name = "costUsd", .kind = Kind::kNumber},
    kFence,
};

void list(board::Board& board, http::Request& request, http::Responder responder) {
  const auto before = query_history(request, "cursor");
  if (!before) return responder.send(http::error_response(400, before.error().what));
  const auto page = board.read(
      [&](const store::View& view) { return board::execution_page(view, TaskId(request.params[0]), *before); });
  if (!page) return responder.send(refused(page.error(), "task not found"));
  responder.send(json_object([&](json::Writer& json) {
    json.field("ok", true).key("executions");
    write_json(json, page->rows);
    if (page->older) json.field("nextCursor", history_cursor(*page->older));
  }));
}

void open(board::Board& board, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kOpen, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  board::NewExecution execution{.task_id = TaskId(request.params[0]),
                                .executor_type = body->need_text("executorType"),
                                .run_reason = body->text("runReason"),
                                .before_commit = body->text("beforeCommit")};
  if (auto workspace = body->text("workspaceId")) execution.workspace_id = WorkspaceId(*std::move(workspace));
  board.write([execution = std::move(execution)](store::Tx& tx) { return board::open_execution(tx, execution); },
              answer_with<store::Execution>(
                  std::move(responder),
                  [](json::Writer& json, const store::Execution& opened) {
                    json.field("ok", true).key("execution");
                    write_json(json, opened);
                  },
                  [](const Error& error) {
                    const bool workspace = error.reason == "workspace_not_found";
                    return refused(error, workspace ? "workspace not found" : "task not found");
                  }));
}

void close(board::Board& board, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kClose, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  board::ExecutionEnd end{.status = *store::execution_status_from(body->need_text("status")),
                          .summary = body->text("summary"),
                          .error = body->text("error"),
                          .after_commit = body->text("afterCommit"),
                          .input_tokens = body->integer("inputTokens"),
                          .output_tokens = body->integer("outputTokens"),
                          .cache_read = body->integer("cacheRead"),
                          .cache_write = body->integer("cacheWrite"),
                          .cost_usd = body->number("costUsd")};
  board.write([id = ExecutionId(request.params[0]), end = std::move(end),
               fence = body->integer("fence")](store::Tx& tx) { return board::close_execution(tx, id, end, fence); },
              answer_with<Unit>(
                  std::move(responder), [](json::Writer& json, const Unit&) { json.field("ok", true); },
                  [](const Error& error) { return refused(error, "execution not found"); }));
}

}  // namespace

std::vector<http::Route> execution_routes(board::Board& board) {
  using enum http::Method;
  return {
      {.method = kGet,
       .pattern = "/api/board/{taskId}/executions",
       .operation = "listExecutions",
       .summary = "The runs of a task, oldest first.",
       .tag = "board",
       .handler = bind(list, board),
       .query = {{"cursor", "nextCursor of another answer: the executions before those"}},
       .answers = {{200, "the executions; of many the newest"}, {400, "the cursor is wrong"}, {404, "no such task"}}},
      {.method = kPost,
       .pattern = "/api/board/{taskId}/executions",
       .operation = "openExecution",
       .summary = "Enters a run that the client carries out itself.",
       .tag = "board",
       .handler = bind(open, board),
       .body = kOpen,
       .answers = {{200, "the execution, running"}, {400, "a field is wrong"}, {404, "no such task or workspace"}}},
      {.method = kPatch,
       .pattern = "/api/board/executions/{executionId}",
       .operation = "closeExecution",
       .summary = "Ends a run that the client carried out; the first end wins.",
       .tag = "board",
       .handler = bind(close, board),
       .body = kClose,
       .answers = {{200, "closed"},
                   {400, "a field is wrong"},
                   {404, "no such execution, or it has ended"},
                   {409, "stale_fence, or owned_by_daemon: it is a run of this daemon"}}},
  };
}

}  // namespace baton::api
