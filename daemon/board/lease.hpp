// Leases: an owner that is not a run of this daemon shows signs of life, or loses the task.
//
// A claim gives the task `lease_ms`; every change of the task, event about it or heartbeat is a sign of life. When the
// last one is longer ago than that, the stale sweep releases the task: the fence rises, running executions of clients
// are timed out, all of it with events. Runs of this daemon have no lease; their end is known (run.hpp).
//
// An execution that a client left running on a task in another state is timed out in the same way; without a lease the
// board's own time counts.
//
// What a claim costs must not rise for this, so there is no index over owned tasks. The event log is the queue of young
// ownerships: the sweep follows it at a distance of `stale_after_ms`, by a mark on disk, and looks at the tasks that
// were claimed or moved then. Those that still live get `lease_check_at`, which is indexed, and so do claims that asked
// for a lease of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

// A sign of life of the owner; changes nothing but `updated_at`, and has no event: it is no change of the board.
struct Heartbeat {
  TaskId task_id = {};
  std::optional<std::int64_t> fence = {};     // given: refused unless it is the current one
  std::optional<std::int64_t> lease_ms = {};  // given: the lease from now on
};

// kNotFound. kConflict "stale_fence"; "not_claimed" when nobody owns the task; "status" when it is not in progress.
Result<store::Task> heartbeat(store::Tx& tx, const Heartbeat& request);

// When the task is taken back unless there is a sign of life before. Nothing: not leased, or not in progress. From the
// row alone it is the earliest time, since events are signs of life too; the view knows them.
std::optional<std::int64_t> lease_expires_at(const store::Task& task);
std::optional<std::int64_t> lease_expires_at(const store::View& view, const store::Task& task);

struct StaleSweep {
  std::int64_t stale_after_ms = 0;  // positive
  std::size_t limit = 256;          // tasks and events looked at in one transaction
  // The first sweep of a daemon: a review whose client was at work and is silent ended unseen, so the task is released
  // too (contract §14).
  bool after_start = false;
};

struct SweptTasks {
  std::vector<TaskId> released;
  bool more = false;  // the limit was reached: sweep again
};

// One bounded piece, which may be repeated at will; when nothing is due it is three searches and writes nothing.
// Executions that clients left running on a released task end as timed_out. A task that a run of this daemon holds is
// never released.
Result<SweptTasks> sweep_stale(store::Tx& tx, const StaleSweep& request);

// The last event that the sweep has passed: younger ones must not be pruned, they are its queue.
std::int64_t swept_up_to(const store::View& view);

}  // namespace baton::board
