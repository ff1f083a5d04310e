// The problem: many claimants, one task, and an answer that is true for each of them.
// The idea: the guard is in the UPDATE itself (todo, unassigned, not dropped), so that whatever else is wrong, two can
// never win. Only when it did not hold the row is read, to say why. Unmet dependencies are looked at after the update
// and undo it by the refusal: the common case costs one statement and one event.
#include "board/claim.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "board/event_log.hpp"
#include "board/read.hpp"

namespace baton::board {
namespace {

Error refusal(const store::Task& task) {
  if (task.dropped) return {Errc::kConflict, "the task was dropped", "dropped"};
  if (task.assignee_agent_id) {
    const auto since = task.claimed_at ? " since " + iso8601(*task.claimed_at) : std::string();
    return {Errc::kConflict,
            fmt::format("the task is {} and held by '{}'{}", to_text(task.status), *task.assignee_agent_id, since),
            "claimed"};
  }
  return {Errc::kConflict, fmt::format("the task is {}; only a todo task can be claimed", to_text(task.status)),
          "status"};
}

}  // namespace

Result<store::Task> claim(store::Tx& tx, const ClaimRequest& request) {
  auto task = tx.tasks.claim({request.task_id, request.assignee_agent_id, request.assignee_runtime, tx.now_ms});
  if (!task) {
    const auto there = tx.tasks.find(request.task_id);
    return fail(there ? refusal(*there) : task_not_found(request.task_id));
  }
  if (task->unmet_blockers > 0 && !request.ignore_dependencies) {
    return fail(Errc::kConflict, fmt::format("{} of the tasks it depends on are not done", task->unmet_blockers),
                "dependencies");
  }
  append_event(tx, *task, event::kTaskClaimed, {task->assignee_agent_id, task->assignee_runtime},
               [&](json::Writer& json) {
                 json.field("assigneeAgentId", task->assignee_agent_id)
                     .field("assigneeRuntime", task->assignee_runtime)
                     .field("fence", task->fence);
               });
  return *std::move(task);
}

}  // namespace baton::board
