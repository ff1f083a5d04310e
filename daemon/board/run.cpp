#include "board/run.hpp"

#include <fmt/format.h>

#include "base/json_reader.hpp"
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

bool owns(const store::Task& task, std::int64_t fence) {
  return task.fence == fence && is_locked(task.status) && !task.dropped;
}

Error stale(const store::Task& task, std::int64_t fence) {
  return {
      Errc::kConflict,
      fmt::format("the task was owned at fence {}; it is {} at fence {} now", fence, to_text(task.status), task.fence),
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

BegunRun begun(store::Task task, store::Execution execution, const RunClaim& request) {
  Lease lease{task.id, execution.id, task.fence, request.agent_id, request.runtime_id};
  return {std::move(task), std::move(execution), std::move(lease)};
}

store::TaskStatus status_after(AfterWork after) {
  switch (after) {
    case AfterWork::kRelease: return TaskStatus::kTodo;
    case AfterWork::kDone: return TaskStatus::kDone;
    case AfterWork::kReview: return TaskStatus::kInReview;
    case AfterWork::kFix: return TaskStatus::kInProgress;
    case AfterWork::kBlock: return TaskStatus::kBlocked;
  }
  bug("AfterWork out of range");
}

// The verdict without the attempts before the last: they are in the log already, and a copy in each event would let the
// log grow with the square of the attempts.
void write_latest(json::Writer& out, const std::string& verdict) {
  out.key("verdict").object();
  if (const auto document = json::Document::parse(verdict)) {
    if (const auto status = json::text(document->root(), "status")) out.field("status", *status);
    const auto attempts = json::member(document->root(), "attempts");
    out.key("attempts").array();
    if (attempts && attempts->is_array() && attempts->get_array().size() > 0) {
      const auto all = attempts->get_array();
      out.raw(simdjson::to_string(all.at(all.size() - 1)));
    }
    out.end();
  }
  out.end();
}

// Moves as far as the table of transitions allows in one or two steps: a task under review is released through
// in_progress.
Result<Unit> move_to(store::Tx& tx, store::Task& task, const Settlement& settlement) {
  const auto source = owner_of(task);
  const auto to = status_after(settlement.after);
  if (settlement.verification && to != TaskStatus::kTodo) {
    task.verification = settlement.verification;
    task.updated_at = tx.now_ms;
    tx.tasks.save(task);
    append_event(tx, task, event::kVerification, source,
                 [&](json::Writer& json) { write_latest(json, *settlement.verification); });
  }
  if (task.status != to && !may_move(task.status, to)) {
    auto moved = move_task(tx, task, TaskStatus::kInProgress, settlement.reason, source);
    if (!moved) return fail(moved);
  }
  return move_task(tx, task, to, settlement.reason, source);
}

constexpr std::string_view kLateNote =
    "A run ended after it had lost the task: its result is in the ledger, the task was left as it is.";

Result<Unit> add_comments(store::Tx& tx, const TaskId& task, const Settlement& settlement, bool late) {
  std::vector<NewComment> comments = settlement.comments;
  if (late) comments.push_back({.task_id = task, .body = std::string(kLateNote), .author_type = "system"});
  for (auto& comment : comments) {
    comment.task_id = task;
    if (auto added = add_comment(tx, comment); !added) return fail(added);
  }
  return Unit{};
}

// Looked up once more where nothing can come between: two requests under one key may have been on their way.
Result<Unit> take_key(store::Tx& tx, const OnceKey& key) {
  auto once = look_up(tx, key);
  if (!once) return fail(once);
  if (once->state != OnceState::kNew) {
    return fail(Errc::kConflict, "the request under this Idempotency-Key is being carried out already",
                "idempotency_key_in_use");
  }
  begin_once(tx, key);
  return Unit{};
}

}  // namespace

Result<BegunRun> begin_run(store::Tx& tx, const RunClaim& request) {
  if (!tx.tasks.find(request.task_id)) return fail(task_not_found(request.task_id));
  if (depth_of(tx, request.task_id, limits::kMaxDepth + 1) > limits::kMaxDepth) {
    return fail(Errc::kUnprocessable, fmt::format("the task has more than {} ancestors", limits::kMaxDepth),
                "too_deep");
  }
  if (request.once) {
    if (auto free = take_key(tx, *request.once); !free) return fail(free);
  }
  auto task = claim(
      tx, {.task_id = request.task_id, .assignee_agent_id = request.agent_id, .assignee_runtime = request.runtime_id});
  if (!task) return fail(task);
  auto execution = open_leased(tx, *task, request);
  return begun(*std::move(task), std::move(execution), request);
}

Result<Settled> settle_task(store::Tx& tx, const TaskId& id, std::int64_t fence, const Settlement& settlement) {
  auto task = find_task(tx, id);
  if (!task) return fail(task);
  const bool late = !owns(*task, fence);
  if (auto added = add_comments(tx, id, settlement, late); !added) return fail(added);
  if (!late) {
    if (auto moved = move_to(tx, *task, settlement); !moved) return fail(moved);
  }
  if (settlement.archive_workspace) {
    if (auto archived = archive_workspace(tx, id); !archived) return fail(archived);
  }
  auto now = find_task(tx, id);
  if (!now) return fail(now);
  return Settled{*std::move(now), late};
}

Result<Settled> end_run(store::Tx& tx, const Lease& lease, const ExecutionEnd& end, const Settlement& settlement,
                        const std::optional<RunClaim>& next) {
  auto row = tx.executions.find(lease.execution_id);
  if (!row) {
    return fail(Errc::kNotFound, "execution '" + lease.execution_id.value + "' not found", "execution_not_found");
  }
  if (row->status == store::ExecutionStatus::kRunning) end_execution(tx, *std::move(row), end, lease.agent_id);
  auto settled = settle_task(tx, lease.task_id, lease.fence, settlement);
  if (!settled || !next || settled->late || settled->task.status != TaskStatus::kInProgress) return settled;
  settled->next = begun(settled->task, open_leased(tx, settled->task, *next), *next);
  return settled;
}

Result<store::Task> begin_review(store::Tx& tx, const TaskId& id, std::int64_t fence) {
  auto task = find_task(tx, id);
  if (!task) return fail(task);
  if (task->fence != fence || task->dropped) return fail(stale(*task, fence));
  auto moved = move_task(tx, *task, TaskStatus::kInReview, {}, owner_of(*task));
  if (!moved) return fail(moved);
  return task;
}

Result<Unit> note_run_event(store::Tx& tx, const Lease& lease, const std::string& kind, const std::string& data) {
  const auto task = find_task(tx, lease.task_id);
  if (!task) return fail(task.error());
  append_event_text(tx, *task, kind, {lease.agent_id, lease.runtime_id}, data);
  return Unit{};
}

Settlement blocked_by_undead(const std::string& what, Settlement otherwise) {
  Settlement blocked = std::move(otherwise);
  blocked.after = AfterWork::kBlock;
  blocked.reason = "undead_worker: " + what;
  blocked.archive_workspace = false;
  blocked.comments.push_back({.task_id = {},
                              .body = "Blocked: " + what +
                                      ". Nobody can work in its tree as long as that is so; once it is gone, the task "
                                      "can be moved on.",
                              .author_type = "system"});
  return blocked;
}

// Whoever owns it, and whether or not a run of it was going on.
Result<Unit> block_undead(store::Tx& tx, const Undead& undead) {
  for (const auto& [id, alive] : undead) {
    auto task = tx.tasks.find(id);
    if (!task || is_terminal(task->status) || task->status == TaskStatus::kBlocked) continue;
    const auto settlement = blocked_by_undead(alive);
    if (auto added = add_comments(tx, id, settlement, false); !added) return fail(added);
    if (auto moved = move_to(tx, *task, settlement); !moved) return fail(moved);
  }
  return Unit{};
}

Result<std::vector<RecoveredRun>> recover_runs(store::Tx& tx, const Undead& undead) {
  constexpr const char* kDied = "the daemon ended while the run was going on";
  std::vector<RecoveredRun> recovered;
  for (auto& row : tx.executions.leased()) {
    auto task = tx.tasks.find(row.task_id);
    if (!task) continue;  // a storage failure: this transaction will be undone
    const bool held = owns(*task, *row.lease_fence);
    const auto alive = undead.find(row.task_id);
    RecoveredRun run{row.task_id, row.id, held && alive == undead.end()};
    row.recovery_tombstone = true;
    const auto agent = agent_of(*task, row);
    end_execution(tx, std::move(row), {.status = store::ExecutionStatus::kFailed, .error = kDied}, agent);
    if (held) {
      const auto settlement = alive != undead.end() ? blocked_by_undead(alive->second)
                                                    : Settlement{.after = AfterWork::kRelease,
                                                                 .reason = "recovery: its run died with the daemon"};
      if (auto added = add_comments(tx, run.task_id, settlement, false); !added) return fail(added);
      if (auto moved = move_to(tx, *task, settlement); !moved) return fail(moved);
    }
    recovered.push_back(std::move(run));
  }
  if (auto blocked = block_undead(tx, undead); !blocked) return fail(blocked);
  return recovered;
}

}  // namespace baton::board
