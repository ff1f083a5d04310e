#include "board/edit.hpp"

#include "base/json_reader.hpp"
#include "board/event_log.hpp"
#include "board/execution.hpp"
#include "board/move.hpp"
#include "board/own.hpp"
#include "board/read.hpp"
#include "board/status.hpp"

namespace baton::board {
namespace {

bool last_gate_passed(json::Value verdict) {
  const auto attempts = json::member(verdict, "attempts");
  if (!attempts || !attempts->is_array()) return false;
  bool passed = false;
  for (const json::Value attempt : simdjson::dom::array(*attempts)) {
    const auto gate = json::member(attempt, "deterministic");
    passed = gate && json::boolean(*gate, "passed").value_or(false);
  }
  return passed;
}

Result<Unit> apply_status(store::Tx& tx, store::Task& task, const TaskEdit& request) {
  const auto to = *request.status;
  if (task.dropped && task.status != to) {
    return fail(Errc::kConflict, "the task was dropped; restore it before it moves", "dropped");
  }
  const bool gated = to == store::TaskStatus::kDone && task.status != to;
  const bool passed = request.human_override || is_promotable(task.verification);
  // An illegal move is told as such first, as the contract's order of checks has it.
  if (gated && !passed && may_move(task.status, to)) {
    return fail(Errc::kConflict, "the task's verification did not pass; humanOverride is needed",
                "verification_required");
  }
  const auto prior = task.status;
  const bool begins = to == store::TaskStatus::kInProgress && prior != to;
  if (begins && !task.lease_ms && !run_of(tx, task)) task.lease_ms = request.lease_ms;
  // Who edits is not known, but whoever presents the fence is the owner.
  const auto source = request.fence ? owner_of(task) : EventSource{};
  if (auto moved = move_task(tx, task, to, {}, source); !moved) return fail(moved);
  if (gated && request.human_override) {
    append_event(tx, task, event::kVerification, {}, [&](json::Writer& json) {
      json.field("override", true).field("priorStatus", to_text(prior)).field("to", to_text(to));
    });
  }
  return Unit{};
}

void apply_fields(store::Tx& tx, store::Task& task, const TaskEdit& request) {
  if (!request.priority && !request.title && !request.description) return;
  if (request.priority) task.priority = *request.priority;
  if (request.title) task.title = *request.title;
  if (request.description) task.description = request.description;
  task.updated_at = tx.now_ms;
  tx.tasks.save(task);
  append_event(tx, task, event::kTaskEdited, {}, [&](json::Writer& json) {
    if (request.priority) json.field("priority", task.priority);
    if (request.title) json.field("title", task.title);
    if (request.description) json.field("description", true);
  });
}

}  // namespace

bool is_promotable(const std::optional<std::string>& verification) {
  if (!verification) return true;
  const auto verdict = json::Document::parse(*verification);
  if (!verdict) return false;
  const auto status = json::text(verdict->root(), "status");
  if (status == "pass") return true;
  return status == "completed_with_debt" && last_gate_passed(verdict->root());
}

Result<store::Task> edit_task(store::Tx& tx, const TaskEdit& request) {
  auto task = find_task(tx, request.task_id);
  if (!task) return fail(task);
  if (auto current = check_fence(*task, request.fence); !current) return fail(current);
  if (request.dropped && !*request.dropped) restore_task(tx, *task);
  if (request.status) {
    if (auto applied = apply_status(tx, *task, request); !applied) return fail(applied);
  }
  apply_fields(tx, *task, request);
  if (request.dropped && *request.dropped) {
    if (auto dropped = drop_task(tx, *task); !dropped) return fail(dropped);
  }
  return task;
}

}  // namespace baton::board
