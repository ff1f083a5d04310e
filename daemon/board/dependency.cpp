#include "board/dependency.hpp"

#include <string>
#include <unordered_set>

#include "board/event_log.hpp"
#include "board/move.hpp"
#include "board/read.hpp"

namespace baton::board {

Result<Unit> link(store::Tx& tx, const Link& request) {
  auto task = tx.tasks.find(request.task_id);
  if (!task) return fail(task_not_found(request.task_id));
  const auto blocker = tx.tasks.find(request.depends_on);
  if (!blocker) return fail(task_not_found(request.depends_on));
  if (tx.dependencies.reaches(request.depends_on, request.task_id)) {
    return fail(Errc::kConflict, "the link would make the task wait for itself", "task_dependency_cycle");
  }
  if (!tx.dependencies.insert(request.task_id, request.depends_on)) return Unit{};
  if (blocker->status != store::TaskStatus::kDone) ++task->unmet_blockers;
  task->updated_at = tx.now_ms;
  tx.tasks.save(*task);
  append_event(tx, *task, event::kDependencyLinked, {},
               [&](json::Writer& json) { json.field("dependsOnTaskId", request.depends_on.value); });
  return Unit{};
}

Result<std::vector<CancelledTask>> cancel_dependents(store::Tx& tx, const TaskId& id) {
  if (!tx.tasks.find(id)) return fail(task_not_found(id));
  std::vector<CancelledTask> cancelled;
  std::vector<TaskId> frontier = {id};
  std::unordered_set<TaskId> seen = {id};
  while (!frontier.empty()) {
    const TaskId next = std::move(frontier.back());
    frontier.pop_back();
    for (auto& dependent : tx.dependencies.dependents_of(next)) {
      if (!seen.insert(dependent).second) continue;
      auto task = tx.tasks.find(dependent);
      frontier.push_back(std::move(dependent));
      if (!task) continue;
      if (task->status != store::TaskStatus::kTodo && task->status != store::TaskStatus::kBacklog) continue;
      if (auto moved = move_task(tx, *task, store::TaskStatus::kCancelled, "a task it depends on was given up", {});
          !moved) {
        return fail(moved);
      }
      cancelled.push_back({task->id, task->title});
    }
  }
  return cancelled;
}

void blocker_done(store::Tx& tx, const TaskId& id) {
  for (const auto& dependent : tx.dependencies.dependents_of(id)) {
    auto task = tx.tasks.find(dependent);
    if (!task || task->unmet_blockers == 0) continue;
    --task->unmet_blockers;
    tx.tasks.save(*task);
    if (task->unmet_blockers == 0 && task->status == store::TaskStatus::kTodo) {
      append_event(tx, *task, event::kTaskReady, {}, [&](json::Writer& json) { json.field("unblockedBy", id.value); });
    }
  }
}

}  // namespace baton::board
