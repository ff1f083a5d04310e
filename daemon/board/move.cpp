#include "board/move.hpp"

#include <fmt/format.h>

#include "board/dependency.hpp"
#include "board/status.hpp"

namespace baton::board {
namespace {

void release(store::Task& task) {
  task.assignee_agent_id.reset();
  task.assignee_runtime.reset();
  task.verification.reset();
  task.claimed_at.reset();
  ++task.fence;
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
  task.status = to;
  task.updated_at = tx.now_ms;
  if (to == TaskStatus::kTodo) release(task);
  if (is_terminal(to)) task.completed_at = tx.now_ms;
  tx.tasks.save(task);
  append_event(tx, task, event::kStatusChanged, source, [&](json::Writer& json) {
    json.field("from", to_text(from)).field("to", to_text(to));
    if (!reason.empty()) json.field("reason", reason);
  });
  if (to == TaskStatus::kDone) blocker_done(tx, task.id);
  return Unit{};
}

}  // namespace baton::board
