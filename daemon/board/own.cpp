#include "board/own.hpp"

#include <fmt/format.h>

#include "board/claim.hpp"
#include "board/dependency.hpp"
#include "board/event_log.hpp"
#include "board/execution.hpp"
#include "board/move.hpp"
#include "board/read.hpp"
#include "board/room.hpp"
#include "board/status.hpp"

namespace baton::board {
namespace {

// From owner to owner without being free in between.
store::Task pass_on(store::Tx& tx, store::Task task, const Assignment& request) {
  const auto from = task.assignee_agent_id;
  end_ownership(task);
  task.assignee_agent_id = request.assignee_agent_id;
  task.assignee_runtime = request.assignee_runtime;
  task.claimed_at = task.updated_at = tx.now_ms;
  task.lease_ms = request.lease_ms;
  if (request.own_lease && request.lease_ms) task.lease_check_at = tx.now_ms + *request.lease_ms;
  tx.tasks.save(task);
  append_event(tx, task, event::kTaskAssigned, owner_of(task), [&](json::Writer& json) {
    json.field("fromAgentId", from).field("assigneeAgentId", task.assignee_agent_id);
    json.field("assigneeRuntime", task.assignee_runtime).field("fence", task.fence);
  });
  narrate(tx, task,
          {"\"", task.title, "\" passed from ", from ? std::string_view(*from) : "nobody", " to ",
           request.assignee_agent_id});
  return task;
}

// Whoever has it loses it; what is being worked on becomes free, as by a release.
Result<Unit> take_from_owner(store::Tx& tx, store::Task& task) {
  const auto owner = owner_of(task);
  if (task.status == TaskStatus::kInReview) {
    if (auto moved = move_task(tx, task, TaskStatus::kInProgress, "dropped", owner); !moved) return moved;
  }
  if (task.status == TaskStatus::kInProgress) return move_task(tx, task, TaskStatus::kTodo, "dropped", owner);
  if (task.assignee_agent_id && !is_terminal(task.status)) end_ownership(task);
  return Unit{};
}

}  // namespace

Result<store::Task> release(store::Tx& tx, const Release& request) {
  auto task = find_task(tx, request.task_id);
  if (!task) return fail(task);
  if (auto current = check_fence(*task, request.fence); !current) return fail(current);
  if (!task->assignee_agent_id) return fail(Errc::kConflict, "nobody owns the task", "not_claimed");
  if (auto moved = move_task(tx, *task, TaskStatus::kTodo, request.reason, owner_of(*task)); !moved) return fail(moved);
  return task;
}

Result<store::Task> assign(store::Tx& tx, const Assignment& request) {
  auto task = find_task(tx, request.task_id);
  if (!task) return fail(task);
  if (auto current = check_fence(*task, request.fence); !current) return fail(current);
  if (task->status == TaskStatus::kInProgress && request.fence) return pass_on(tx, *std::move(task), request);
  return claim(tx, {.task_id = request.task_id,
                    .assignee_agent_id = request.assignee_agent_id,
                    .assignee_runtime = request.assignee_runtime,
                    .lease_ms = request.lease_ms,
                    .own_lease = request.own_lease});
}

Result<Unit> drop_task(store::Tx& tx, store::Task& task) {
  if (task.dropped) return Unit{};
  if (const auto run = run_of(tx, task)) {
    Error running{Errc::kConflict, fmt::format("run {} of this daemon works on the task", run->value), "running"};
    running.details.push_back({"executionId", '"' + run->value + '"'});
    return fail(std::move(running));
  }
  const auto owner = owner_of(task);
  if (auto taken = take_from_owner(tx, task); !taken) return taken;
  end_client_executions(tx, task, {.status = store::ExecutionStatus::kCancelled, .error = "the task was dropped"});
  task.dropped = true;
  task.updated_at = tx.now_ms;
  tx.tasks.save(task);
  append_event(tx, task, event::kTaskDropped, owner,
               [&](json::Writer& json) { json.field("status", to_text(task.status)); });
  narrate(tx, task, {"\"", task.title, "\" was dropped"});
  if (!is_terminal(task.status)) blocker_given_up(tx, task);
  return Unit{};
}

void restore_task(store::Tx& tx, store::Task& task) {
  if (!task.dropped) return;
  task.dropped = false;
  task.updated_at = tx.now_ms;
  tx.tasks.save(task);
  append_event(tx, task, event::kTaskRestored, {},
               [&](json::Writer& json) { json.field("status", to_text(task.status)); });
  narrate(tx, task, {"\"", task.title, "\" is back on the board"});
  if (!is_terminal(task.status)) blocker_restored(tx, task);
}

// A repeated drop is answered before the fence is looked at: the first one may have made the caller's fence old.
Result<store::Task> drop(store::Tx& tx, const Drop& request) {
  auto task = find_task(tx, request.task_id);
  if (!task || task->dropped) return task;
  if (auto current = check_fence(*task, request.fence); !current) return fail(current);
  if (auto dropped = drop_task(tx, *task); !dropped) return fail(dropped);
  return task;
}

Result<store::Task> restore(store::Tx& tx, const TaskId& id) {
  auto task = find_task(tx, id);
  if (task) restore_task(tx, *task);
  return task;
}

Result<Unit> check_fence(const store::Task& task, const std::optional<std::int64_t>& fence) {
  if (!fence || *fence == task.fence) return Unit{};
  Error stale{Errc::kConflict, fmt::format("fence {} is over, the task is at {}", *fence, task.fence), "stale_fence"};
  stale.details.push_back({"fence", std::to_string(task.fence)});
  return fail(std::move(stale));
}

}  // namespace baton::board
