// PATCH and DELETE /api/board/{taskId}: a task is changed or taken off the board (contract §1.3).
#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "api/task_fields.hpp"
#include "base/limits.hpp"
#include "board/edit.hpp"
#include "board/own.hpp"

namespace baton::api {
namespace {

constexpr Field kEdit[] = {
    {.name = "status", .one_of = kStatuses},
    {.name = "priority", .kind = Kind::kInteger},
    {.name = "title", .min = 1, .max = limits::kTitle},
    {.name = "description", .max = limits::kDescription},
    {.name = "dropped", .kind = Kind::kBoolean, .about = "true: off the board, as DELETE; false: back on it"},
    {.name = "humanOverride",
     .kind = Kind::kBoolean,
     .about = "lets a task become done past its verification; audited"},
    kFence,
};

// A fence alone asks for nothing.
bool changes_something(const Fields& body) {
  return std::any_of(std::begin(kEdit), std::end(kEdit),
                     [&](const Field& field) { return field.name != kFence.name && body.has(field.name); });
}

// Where nobody begins to work.
bool keeps_waiting(store::TaskStatus status) {
  return status == store::TaskStatus::kBlocked || status == store::TaskStatus::kCancelled;
}

void edit_task(board::Board& board, const BoardSettings& settings, const executor::Undead& undead,
               http::Request& request, http::Responder responder) {
  const auto body = read_fields(kEdit, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  if (!changes_something(*body))
    return responder.send(http::invalid_body({.form_errors = {"has no field to change"}, .field_errors = {}}));
  board::TaskEdit edit;
  edit.task_id = TaskId(std::move(request.params[0]));
  if (const auto status = body->text("status")) edit.status = store::task_status_from(*status);
  edit.priority = body->integer("priority");
  edit.title = body->text("title");
  edit.description = body->text("description");
  edit.human_override = body->boolean("humanOverride").value_or(false);
  edit.fence = body->integer("fence");
  edit.dropped = body->boolean("dropped");
  edit.lease_ms = settings.stale_ttl.count();
  const std::string_view missing = edit.status ? "not_found" : "task not found";
  if (edit.status && !keeps_waiting(*edit.status)) {
    if (auto alive = undead(edit.task_id))
      return responder.send(refused({Errc::kConflict, *std::move(alive), "undead_worker"}, missing));
  }
  board.write([edit = std::move(edit)](store::Tx& tx) { return board::edit_task(tx, edit); },
              answer_with<store::Task>(std::move(responder), write_ok_task,
                                       [missing](const Error& error) { return refused(error, missing); }));
}

void drop_task(board::Board& board, http::Request& request, http::Responder responder) {
  board::Drop drop{.task_id = TaskId(std::move(request.params[0]))};
  if (const auto fence = request.query_value("fence")) {
    drop.fence = whole_number(*fence);
    if (!drop.fence) return responder.send(http::error_response(400, "fence must be a whole number"));
  }
  board.write([drop = std::move(drop)](store::Tx& tx) { return board::drop(tx, drop); },
              answer_with<store::Task>(std::move(responder), write_ok_task,
                                       [](const Error& error) { return refused(error, "not_found"); }));
}

}  // namespace

std::vector<http::Route> task_edit_routes(board::Board& board, const BoardSettings& settings, executor::Undead undead) {
  using enum http::Method;
  return {
      {.method = kPatch,
       .pattern = "/api/board/{taskId}",
       .operation = "editTask",
       .summary = "Changes texts, priority and status in one step.",
       .tag = "board",
       .handler = [&board, &settings, undead = std::move(undead)](
                      http::Request& request,
                      http::Responder responder) { edit_task(board, settings, undead, request, std::move(responder)); },
       .body = kEdit,
       .answers = {{200, "the task"},
                   {400, "a field is wrong"},
                   {404, "no such task"},
                   {409,
                    "illegal_transition, verification_required, stale_fence, dropped, running, or undead_worker: a "
                    "process of earlier work on it cannot be ended"}}},
      {.method = kDelete,
       .pattern = "/api/board/{taskId}",
       .operation = "dropTask",
       .summary = "Takes a task off the board without deleting it; PATCH with dropped false brings it back.",
       .tag = "board",
       .handler = bind(drop_task, board),
       .query = {{"fence", "refused with stale_fence unless it is the task's current one", Kind::kInteger}},
       .answers = {{200, "the task, dropped"},
                   {400, "fence is no number"},
                   {404, "no such task"},
                   {409, "stale_fence, or running: a run of this daemon works on it"}}},
  };
}

}  // namespace baton::api
