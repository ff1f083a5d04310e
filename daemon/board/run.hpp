// The board's side of a run of this daemon: one transaction begins it, one ends it, and one at start-up ends those of a
// daemon that died.
//
// Ownership is one fact, the task's fence. A run writes as owner only while the task is at the fence that its claim
// gave; when somebody released or re-claimed the task meanwhile, the run's result is kept in the ledger and told in a
// comment, and the task is left alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "board/comment.hpp"
#include "board/execution.hpp"
#include "board/once.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct RunClaim {
  TaskId task_id = {};
  std::string agent_id = {};
  std::string runtime_id = {};
  std::string reason = {};  // "run", "verify-fix"
  std::optional<OnceKey> once = {};
};

// One ownership of one task by one execution. It names the agent too, since what a late run reports is its own and not
// the next owner's.
struct Lease {
  TaskId task_id = {};
  ExecutionId execution_id;
  std::int64_t fence = 0;
  std::string agent_id = {};
  std::string runtime_id = {};
};

struct BegunRun {
  store::Task task = {};
  store::Execution execution = {};
  Lease lease;
};

// Claims the task, without a lease (lease.hpp), and opens its execution. With a key: kUnprocessable as look_up(),
// kConflict "idempotency_key_in_use" when the request under it was carried out or is being; else the key is begun.
// kNotFound; kUnprocessable "too_deep" beyond limits::kMaxDepth ancestors; kConflict as claim().
Result<BegunRun> begin_run(store::Tx& tx, const RunClaim& request);

// How work on a task leaves it.
enum class AfterWork : std::uint8_t {
  kRelease,  // to todo: whoever comes next may claim it
  kDone,
  kReview,  // stays in review: a person decides
  kFix,     // back to in_progress under the same owner
  kBlock,
};

// What is written about the task when work on it ends or was judged.
struct Settlement {
  AfterWork after = AfterWork::kRelease;
  std::optional<std::string> verification = {};  // a new verdict, stored with the move
  std::string reason = {};                       // why it moved, for the event
  std::vector<NewComment> comments = {};         // task_id is filled in
  bool archive_workspace = false;                // its worktree is gone, nothing was in it
};

struct Settled {
  store::Task task = {};  // as it is now
  bool late = false;      // the task had changed hands before: it was left alone, only the comments were added
  std::optional<BegunRun> next = {};  // the execution that goes on, when one was asked for and the task allows it
};

// Ends an ownership's work on a task: verdict, comments, move, in one transaction. kNotFound.
Result<Settled> settle_task(store::Tx& tx, const TaskId& task, std::int64_t fence, const Settlement& settlement);

// Closes the lease's execution and settles its task; when that leaves the task with the same owner (kFix) and `next` is
// given, opens the next execution under the same ownership. One transaction: a daemon that dies leaves no owned task
// without a run. kNotFound.
Result<Settled> end_run(store::Tx& tx, const Lease& lease, const ExecutionEnd& end, const Settlement& settlement,
                        const std::optional<RunClaim>& next = {});

// The work is there, verification begins: to in_review. kConflict "stale_fence" when the task has another owner by now,
// "illegal_transition" when it is not being worked on.
Result<store::Task> begin_review(store::Tx& tx, const TaskId& task, std::int64_t fence);

// One thing that a runtime reported, for the log. `data` is a JSON object. kNotFound.
Result<Unit> note_run_event(store::Tx& tx, const Lease& lease, const std::string& kind, const std::string& data);

// The tasks of which something lives that could not be ended, and a sentence about it. Nobody else may work in their
// trees: recovery blocks them.
using Undead = std::map<TaskId, std::string>;

// The settlement of work that left something undead behind; what was written about it otherwise is kept.
Settlement blocked_by_undead(const std::string& what, Settlement otherwise = {});

// At start-up, before anybody is served: closes the executions of runs whose daemon is dead (failed, with a tombstone)
// and releases their tasks, all in one transaction. Each task in `undead` that has not ended is blocked, whoever had
// it.
struct RecoveredRun {
  TaskId task_id = {};
  ExecutionId execution_id;
  bool released = false;  // false: the task had been moved by someone else before, or is blocked
};
Result<std::vector<RecoveredRun>> recover_runs(store::Tx& tx, const Undead& undead = {});

}  // namespace baton::board
