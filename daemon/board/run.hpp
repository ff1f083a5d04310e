// The board's side of a run of this daemon: one transaction begins it, one ends it, and one at start-up ends those of a
// daemon that died.
//
// Ownership is one fact, the task's fence. A run writes as owner only while the task is at the fence that its claim
// gave; when somebody released or re-claimed the task meanwhile, the run's result is kept in the ledger and told in a
// comment, and the task is left alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "board/comment.hpp"
#include "board/execution.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct RunClaim {
  TaskId task_id;
  std::string agent_id;
  std::string runtime_id;
  std::string reason;  // "run", "verify-fix"
};

// One ownership of one task by one execution.
struct Lease {
  TaskId task_id;
  ExecutionId execution_id;
  std::int64_t fence = 0;
};

struct BegunRun {
  store::Task task;
  store::Execution execution;
  Lease lease;
};

// Claims the task and opens its execution. kNotFound; kUnprocessable "too_deep" beyond limits::kMaxDepth ancestors;
// kConflict as claim().
Result<BegunRun> begin_run(store::Tx& tx, const RunClaim& request);

// Opens another execution under an ownership that goes on (a fix after a failed verification). kConflict "stale_fence".
Result<BegunRun> continue_run(store::Tx& tx, const Lease& lease, const RunClaim& request);

// How a run leaves its task.
enum class AfterRun : std::uint8_t {
  kRelease,  // to todo: whoever comes next may claim it
  kDone,
  kReview,  // stays in review: a person decides
  kFix,     // back to in_progress under the same owner
  kBlock,
};

struct RunEnd {
  Lease lease;
  ExecutionEnd end;
  AfterRun after = AfterRun::kRelease;
  std::optional<std::string> verification = {};  // a new verdict, stored with the move
  std::string reason = {};                       // why it moved, for the event
  std::vector<NewComment> comments = {};         // task_id is filled in
  bool archive_workspace = false;                // its worktree is gone, nothing was in it
};

// What became of the task: its status now, and whether the run still owned it.
struct EndedRun {
  store::Task task;
  bool late = false;
};

// Closes the execution, adds the comments, moves the task: one transaction. kNotFound.
Result<EndedRun> end_run(store::Tx& tx, const RunEnd& request);

// The run's work is there, verification begins: to in_review. kConflict "stale_fence" when the run no longer owns the
// task.
Result<store::Task> review_run(store::Tx& tx, const Lease& lease);

// At start-up, before anybody is served: closes the executions of runs whose daemon is dead (failed, with a tombstone)
// and releases their tasks, all in one transaction.
struct RecoveredRun {
  TaskId task_id;
  ExecutionId execution_id;
  bool released = false;  // false: the task had been moved by someone else before
};
Result<std::vector<RecoveredRun>> recover_runs(store::Tx& tx);

}  // namespace baton::board
