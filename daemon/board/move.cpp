#include "board/move.hpp"

#include <fmt/format.h>

#include "board/dependency.hpp"
#include "board/execution.hpp"
#include "board/room.hpp"
#include "board/status.hpp"

namespace baton::board {
namespace {

void end_lease(store::Task& task) {
  task.lease_ms.reset();
  task.lease_check_at.reset();
}

void end_work_of_clients(store::Tx& tx, const store::Task& task, store::TaskStatus to) {
  if (to != TaskStatus::kTodo && !is_terminal(to)) return;
  ExecutionEnd end;
  if (to != TaskStatus::kDone) {
    end.status = store::ExecutionStatus::kCancelled;
    end.error = fmt::format("the task went to {}", to_text(to));
  }
  end_client_executions(tx, task, end);
}

void tell(store::Tx& tx, const store::Task& task, store::TaskStatus from, std::string_view reason,
          const EventSource& source) {
  append_event(tx, task, event::kStatusChanged, source, [&](json::Writer& json) {
    json.field("from", to_text(from)).field("to", to_text(task.status));
    if (!reason.empty()) json.field("reason", reason);
  });
  const std::string_view because = reason.empty() ? "" : " (";
  narrate(tx, task,
          {"\"", task.title, "\" went from ", to_text(from), " to ", to_text(task.status), because, reason,
           reason.empty() ? "" : ")"});
}

}  // namespace

Result<Unit> move_task(store::Tx& tx, store::Task& task, store::TaskStatus to, std::string_view reason,
                       const EventSource& source) {
  const auto from = task.status;
  if (from == to) return Unit{};
  if (!may_move(from, to)) {
    return fail(Errc::kConflict, fmt::format("a task cannot go from {} to {}", to_text(from), to_text(to)),
                "illegal_transition");
  }
  end_work_of_clients(tx, task, to);
  task.status = to;
  task.updated_at = tx.now_ms;
  if (to == TaskStatus::kTodo) end_ownership(task);
  if (to == TaskStatus::kInProgress && task.lease_ms) task.lease_check_at = tx.now_ms + *task.lease_ms;
  if (is_terminal(to)) {
    task.completed_at = tx.now_ms;
    end_lease(task);
  }
  tx.tasks.save(task);
  tell(tx, task, from, reason, source);
  if (to == TaskStatus::kDone) blocker_done(tx, task.id);
  if (to == TaskStatus::kCancelled && !task.dropped) blocker_given_up(tx, task);  // a drop has told it before
  return Unit{};
}

void end_ownership(store::Task& task) {
  task.assignee_agent_id.reset();
  task.assignee_runtime.reset();
  task.verification.reset();
  task.claimed_at.reset();
  end_lease(task);
  ++task.fence;
}

EventSource owner_of(const store::Task& task) { return {task.assignee_agent_id, task.assignee_runtime}; }

}  // namespace baton::board
