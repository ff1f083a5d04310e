// /api/board/{taskId}/deps and /cancel-dependents: what a task waits for (contract §1.3).
#include "api/answer.hpp"
#include "api/request.hpp"
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

void unlink(board::Board& board, http::Request& request, http::Responder responder) {
  board::Link link{TaskId(std::move(request.params[0])), TaskId(std::move(request.params[1]))};
  board.write([link = std::move(link)](store::Tx& tx) { return board::unlink(tx, link); },
              answer_with<bool>(
                  std::move(responder),
                  [](json::Writer& json, bool removed) { json.field("ok", true).field("removed", removed); },
                  [](const Error& error) { return refused(error, "task not found"); }));
}

void write_ids(json::Writer& json, const std::vector<TaskId>& ids) {
  json.array();
  for (const auto& id : ids) json.value(id.value);
  json.end();
}

void list_links(board::Board& board, http::Request& request, http::Responder responder) {
  const TaskId id(std::move(request.params[0]));
  const auto links = board.read([&](const store::View& view) { return board::links_of(view, id); });
  if (!links) return responder.send(refused(links.error(), "task not found"));
  responder.send(json_object([&](json::Writer& json) {
    json.field("ok", true).key("dependsOn");
    write_ids(json, links->depends_on);
    json.key("dependents");
    write_ids(json, links->dependents);
    if (links->more_depends_on) json.field("moreDependsOn", true);
    if (links->more_dependents) json.field("moreDependents", true);
  }));
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
      {.method = kGet,
       .pattern = "/api/board/{taskId}/deps",
       .operation = "listLinks",
       .summary = "What a task waits for, done or not, and what waits for it.",
       .tag = "board",
       .handler = bind(list_links, board),
       .answers = {{200, "the ids of both, of each at most 1000"}, {404, "no such task"}}},
      {.method = kDelete,
       .pattern = "/api/board/{taskId}/deps/{dependsOnTaskId}",
       .operation = "unlinkTask",
       .summary = "Ends a wait; the task may be ready then.",
       .tag = "board",
       .handler = bind(unlink, board),
       .answers = {{200, "whether there was a link"}, {404, "no such task"}}},
      {.method = kPost,
       .pattern = "/api/board/{taskId}/deps",
       .operation = "linkTask",
       .summary = "Makes a task wait for another one; repeating a link is fine.",
       .tag = "board",
       .handler = bind(link, board),
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
       .handler = bind(cancel_dependents, board),
       .answers = {{200, "the tasks that were cancelled"}, {404, "no such task"}}},
  };
}

}  // namespace baton::api
