#include "board/dependency.hpp"

#include <algorithm>
#include <deque>
#include <unordered_set>

#include "base/limits.hpp"
#include "board/event_log.hpp"
#include "board/move.hpp"
#include "board/read.hpp"
#include "board/room.hpp"
#include "board/status.hpp"

namespace baton::board {
namespace {

bool is_hopeless(const store::Task& blocker) { return blocker.dropped || blocker.status == TaskStatus::kCancelled; }

void tell_ready(store::Tx& tx, const store::Task& task, const TaskId& unblocked_by) {
  append_event(tx, task, event::kTaskReady, {},
               [&](json::Writer& json) { json.field("unblockedBy", unblocked_by.value); });
}

void tell_given_up(store::Tx& tx, const store::Task& task, const store::Task& blocker) {
  if (is_terminal(task.status)) return;
  append_event(tx, task, event::kDependencyCancelled, {}, [&](json::Writer& json) {
    json.field("dependsOnTaskId", blocker.id.value).field("status", to_text(blocker.status));
    json.field("dropped", blocker.dropped);
  });
}

void tell_restored(store::Tx& tx, const store::Task& task, const store::Task& blocker) {
  if (is_terminal(task.status)) return;
  append_event(tx, task, event::kDependencyRestored, {}, [&](json::Writer& json) {
    json.field("dependsOnTaskId", blocker.id.value).field("status", to_text(blocker.status));
  });
}

// What depends on `id`, directly or not, and has not begun; the nearest first.
std::vector<store::Task> waiting_for(store::Tx& tx, const TaskId& id) {
  std::vector<store::Task> waiting;
  std::deque<TaskId> frontier = {id};
  std::unordered_set<TaskId> seen = {id};
  for (; !frontier.empty(); frontier.pop_front()) {
    for (auto& dependent : tx.dependencies.dependents_of(frontier.front())) {
      if (!seen.insert(dependent).second) continue;
      auto task = tx.tasks.find(dependent);
      frontier.push_back(std::move(dependent));
      if (!task || (task->status != TaskStatus::kTodo && task->status != TaskStatus::kBacklog)) continue;
      waiting.push_back(*std::move(task));
    }
  }
  return waiting;
}

// Whether there were more than are shown.
bool cut(std::vector<TaskId>& ids) {
  if (ids.size() <= limits::kLinksShown) return false;
  ids.resize(limits::kLinksShown);
  return true;
}

}  // namespace

Result<Unit> link(store::Tx& tx, const Link& request) {
  auto task = tx.tasks.find(request.task_id);
  if (!task) return fail(task_not_found(request.task_id));
  const auto blocker = tx.tasks.find(request.depends_on);
  if (!blocker) return fail(task_not_found(request.depends_on));
  if (tx.dependencies.reaches(request.depends_on, request.task_id)) {
    return fail(Errc::kConflict, "the link would make the task wait for itself", "task_dependency_cycle");
  }
  if (!tx.dependencies.insert(request.task_id, request.depends_on)) return Unit{};
  if (blocker->status != TaskStatus::kDone) ++task->unmet_blockers;
  task->updated_at = tx.now_ms;
  tx.tasks.save(*task);
  append_event(tx, *task, event::kDependencyLinked, {},
               [&](json::Writer& json) { json.field("dependsOnTaskId", request.depends_on.value); });
  narrate(tx, *task, {"\"", task->title, "\" waits for \"", blocker->title, "\""});
  if (is_hopeless(*blocker)) tell_given_up(tx, *task, *blocker);
  return Unit{};
}

Result<bool> unlink(store::Tx& tx, const Link& request) {
  auto task = tx.tasks.find(request.task_id);
  if (!task) return fail(task_not_found(request.task_id));
  const auto blocker = tx.tasks.find(request.depends_on);
  if (!blocker) return fail(task_not_found(request.depends_on));
  if (!tx.dependencies.erase(request.task_id, request.depends_on)) return false;
  const bool was_ready = is_ready(*task);
  if (blocker->status != TaskStatus::kDone) --task->unmet_blockers;
  task->updated_at = tx.now_ms;
  tx.tasks.save(*task);
  append_event(tx, *task, event::kDependencyUnlinked, {},
               [&](json::Writer& json) { json.field("dependsOnTaskId", request.depends_on.value); });
  narrate(tx, *task, {"\"", task->title, "\" waits no longer for \"", blocker->title, "\""});
  if (!was_ready && is_ready(*task)) tell_ready(tx, *task, request.depends_on);
  return true;
}

Result<Links> links_of(const store::View& view, const TaskId& id) {
  if (!view.tasks.find(id)) return fail(task_not_found(id));
  Links links{view.dependencies.blockers_of(id, limits::kLinksShown + 1),
              view.dependencies.dependents_of(id, limits::kLinksShown + 1)};
  links.more_depends_on = cut(links.depends_on);
  links.more_dependents = cut(links.dependents);
  return links;
}

// The farthest are cancelled first, so that a task is hardly ever told that it waits in vain and then cancelled itself.
Result<std::vector<CancelledTask>> cancel_dependents(store::Tx& tx, const TaskId& id) {
  if (!tx.tasks.find(id)) return fail(task_not_found(id));
  auto waiting = waiting_for(tx, id);
  std::vector<CancelledTask> cancelled;
  for (auto task = waiting.rbegin(); task != waiting.rend(); ++task) {
    auto moved = move_task(tx, *task, TaskStatus::kCancelled, "a task it depends on was given up", {});
    if (!moved) return fail(moved);
    cancelled.push_back({std::move(task->id), std::move(task->title)});
  }
  std::ranges::reverse(cancelled);
  return cancelled;
}

void blocker_done(store::Tx& tx, const TaskId& id) {
  for (const auto& dependent : tx.dependencies.dependents_of(id)) {
    auto task = tx.tasks.find(dependent);
    if (!task || task->unmet_blockers == 0) continue;  // a storage failure: this transaction will be undone
    --task->unmet_blockers;
    tx.tasks.save(*task);
    if (is_ready(*task)) tell_ready(tx, *task, id);
  }
}

void blocker_given_up(store::Tx& tx, const store::Task& blocker) {
  for (const auto& dependent : tx.dependencies.dependents_of(blocker.id)) {
    const auto task = tx.tasks.find(dependent);
    if (task) tell_given_up(tx, *task, blocker);
  }
}

void blocker_restored(store::Tx& tx, const store::Task& blocker) {
  for (const auto& dependent : tx.dependencies.dependents_of(blocker.id)) {
    const auto task = tx.tasks.find(dependent);
    if (task) tell_restored(tx, *task, blocker);
  }
}

}  // namespace baton::board
