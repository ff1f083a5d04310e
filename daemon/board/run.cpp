#include "board/run.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "board/claim.hpp"
#include "board/edit.hpp"
#include "board/event_log.hpp"
#include "board/move.hpp"
#include "board/read.hpp"
#include "board/status.hpp"
#include "board/workspace.hpp"

namespace baton::board {
namespace {

bool owns(const store::Task& task, const Lease& lease) {
  return task.fence == lease.fence && is_locked(task.status) && !task.dropped;
}

Error stale(const store::Task& task, const Lease& lease) {
  return {Errc::kConflict,
          fmt::format("the run owned the task at fence {}; it is {} at fence {} now", lease.fence, to_text(task.status),
                      task.fence),
          "stale_fence"};
}

store::Execution open_leased(store::Tx& tx, const store::Task& task, const RunClaim& request) {
  auto row =
      open_execution(tx, {.task_id = task.id, .executor_type = request.runtime_id, .run_reason = request.reason});
  if (!row) return {};  // only a storage failure, which undoes everything
  row->lease_fence = task.fence;
  tx.executions.save(*row);
  return *std::move(row);
}

BegunRun begun(store::Task task, store::Execution execution) {
  Lease lease{task.id, execution.id, task.fence};
  return {std::move(task), std::move(execution), std::move(lease)};
}

store::TaskStatus status_after(AfterRun after) {
  switch (after) {
    case AfterRun::kRelease: return TaskStatus::kTodo;
    case AfterRun::kDone: return TaskStatus::kDone;
    case AfterRun::kReview: return TaskStatus::kInReview;
    case AfterRun::kFix: return TaskStatus::kInProgress;
    case AfterRun::kBlock: return TaskStatus::kBlocked;
  }
  bug("AfterRun out of range");
}

// Moves as far as the table of transitions allows in one or two steps: a task under review is released through
// in_progress.
Result<Unit> settle(store::Tx& tx, store::Task& task, const RunEnd& request, const EventSource& source) {
  const auto to = status_after(request.after);
  if (task.status != to && !may_move(task.status, to)) {
    if (auto moved = move_task(tx, task, TaskStatus::kInProgress, request.reason, source); !moved) return fail(moved);
  }
  if (request.verification && to != TaskStatus::kTodo) {
    task.verification = request.verification;
    task.updated_at = tx.now_ms;
    tx.tasks.save(task);
    append_event(tx, task, event::kVerification, source,
                 [&](json::Writer& json) { json.raw_field("verdict", *request.verification); });
  }
  return move_task(tx, task, to, request.reason, source);
}

void add_comments(store::Tx& tx, const RunEnd& request, bool late) {
  for (NewComment comment : request.comments) {
    comment.task_id = request.lease.task_id;
    (void)add_comment(tx, comment);  // the task was read in this transaction
  }
  if (!late) return;
  (void)add_comment(tx, {.task_id = request.lease.task_id,
                         .body = fmt::format("A run ended ({}) after it had lost the task; its result was kept in the "
                                             "ledger and the task was left as it is.",
                                             to_text(request.end.status)),
                         .author_type = "system"});
}

}  // namespace

Result<BegunRun> begin_run(store::Tx& tx, const RunClaim& request) {
  if (!tx.tasks.find(request.task_id)) return fail(task_not_found(request.task_id));
  if (depth_of(tx, request.task_id, limits::kMaxDepth + 1) > limits::kMaxDepth) {
    return fail(Errc::kUnprocessable, fmt::format("the task has more than {} ancestors", limits::kMaxDepth),
                "too_deep");
  }
  auto task = claim(
      tx, {.task_id = request.task_id, .assignee_agent_id = request.agent_id, .assignee_runtime = request.runtime_id});
  if (!task) return fail(task);
  auto execution = open_leased(tx, *task, request);
  return begun(*std::move(task), std::move(execution));
}

Result<BegunRun> continue_run(store::Tx& tx, const Lease& lease, const RunClaim& request) {
  auto task = find_task(tx, lease.task_id);
  if (!task) return fail(task);
  if (!owns(*task, lease) || task->status != TaskStatus::kInProgress) return fail(stale(*task, lease));
  auto execution = open_leased(tx, *task, request);
  return begun(*std::move(task), std::move(execution));
}

Result<EndedRun> end_run(store::Tx& tx, const RunEnd& request) {
  auto task = find_task(tx, request.lease.task_id);
  if (!task) return fail(task);
  auto row = tx.executions.find(request.lease.execution_id);
  if (!row) return fail(Errc::kNotFound, "execution '" + request.lease.execution_id.value + "' not found");
  if (row->status == store::ExecutionStatus::kRunning) end_execution(tx, *std::move(row), request.end);
  const bool late = !owns(*task, request.lease);
  add_comments(tx, request, late);
  if (!late) {
    const EventSource source{task->assignee_agent_id, task->assignee_runtime};
    if (auto settled = settle(tx, *task, request, source); !settled) return fail(settled);
  }
  if (request.archive_workspace) {
    if (auto archived = archive_workspace(tx, request.lease.task_id); !archived) return fail(archived);
  }
  auto now = find_task(tx, request.lease.task_id);
  if (!now) return fail(now);
  return EndedRun{*std::move(now), late};
}

Result<store::Task> review_run(store::Tx& tx, const Lease& lease) {
  auto task = find_task(tx, lease.task_id);
  if (!task) return fail(task);
  if (!owns(*task, lease)) return fail(stale(*task, lease));
  auto moved = move_task(tx, *task, TaskStatus::kInReview, {}, {task->assignee_agent_id, task->assignee_runtime});
  if (!moved) return fail(moved);
  return task;
}

Result<std::vector<RecoveredRun>> recover_runs(store::Tx& tx) {
  std::vector<RecoveredRun> recovered;
  for (auto& row : tx.executions.leased()) {
    const Lease lease{row.task_id, row.id, *row.lease_fence};
    row.recovery_tombstone = true;
    end_execution(tx, row,
                  {.status = store::ExecutionStatus::kFailed, .error = "the daemon ended while the run was going on"});
    auto task = tx.tasks.find(lease.task_id);
    if (!task) continue;
    const bool released = owns(*task, lease);
    if (released) {
      RunEnd release{.lease = lease, .end = {}, .after = AfterRun::kRelease, .reason = "recovery: its run died"};
      if (auto settled = settle(tx, *task, release, {}); !settled) return fail(settled);
    }
    recovered.push_back({lease.task_id, lease.execution_id, released});
  }
  return recovered;
}

}  // namespace baton::board
