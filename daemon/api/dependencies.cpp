// /api/board/{taskId}/deps and /cancel-dependents (contract §1.3).
#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/routes.hpp"
#include "board/dependency.hpp"

namespace baton::api {
namespace {

constexpr Field kLink[] = {{.name = "dependsOnTaskId", .required = true, .min = 1}};

void link(board::Board& board, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kLink, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  board::Link link{TaskId(request.params[0]), TaskId(body->need_text("dependsOnTaskId"))};
  board.write([link = std::move(link)](store::Tx& tx) { return board::link(tx, link); },
              answer_with<Unit>(
                  std::move(responder), [](json::Writer& json, const Unit&) { json.field("ok", true); },
                  [](const Error& error) { return refused(error, "task not found"); }));
}

void cancel_dependents(board::Board& board, http::Request& request, http::Responder responder) {
  board.write([id = TaskId(request.params[0])](store::Tx& tx) { return board::cancel_dependents(tx, id); },
              answer_with<std::vector<board::CancelledTask>>(
                  std::move(responder),
                  [](json::Writer& json, const std::vector<board::CancelledTask>& cancelled) {
                    json.key("cancelled").array();
                    for (const auto& task : cancelled) {
                      json.object().field("id", task.id.value).field("title", task.title).end();
                    }
                    json.end();
                  },
                  [](const Error& error) { return refused(error, "task not found"); }));
}

}  // namespace

std::vector<http::Route> dependency_routes(board::Board& board) {
  using enum http::Method;
  return {
      {.method = kPost,
       .pattern = "/api/board/{taskId}/deps",
       .operation = "linkTask",
       .summary = "Makes a task wait for another one; repeating a link is fine.",
       .tag = "board",
       .handler = [&board](http::Request& request,
                           http::Responder responder) { link(board, request, std::move(responder)); },
       .body = kLink,
       .answers = {{200, "linked"},
                   {400, "a field is wrong"},
                   {404, "one of the two is not on the board"},
                   {409, "task_dependency_cycle"}}},
      {.method = kPost,
       .pattern = "/api/board/{taskId}/cancel-dependents",
       .operation = "cancelDependents",
       .summary = "Cancels what waits for this task and has not begun.",
       .tag = "board",
       .handler = [&board](http::Request& request,
                           http::Responder responder) { cancel_dependents(board, request, std::move(responder)); },
       .answers = {{200, "the tasks that were cancelled"}, {404, "no such task"}}},
  };
}

}  // namespace baton::api
