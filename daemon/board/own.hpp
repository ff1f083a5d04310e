// What an owner, or whoever decides about owners, does with a task beside working on it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct Release {
  TaskId task_id = {};
  std::optional<std::int64_t> fence = {};  // given: refused unless it is the current one
  std::string reason = {};                 // for the event
};

// Gives the task back: to todo, without owner and verdict, under a new fence. kNotFound. kConflict: "stale_fence",
// "not_claimed" when nobody owns it, "illegal_transition" (a task in review is judged first).
Result<store::Task> release(store::Tx& tx, const Release& request);

struct Assignment {
  TaskId task_id = {};
  std::string assignee_agent_id = {};
  std::optional<std::string> assignee_runtime = {};
  std::optional<std::int64_t> fence = {};
  std::optional<std::int64_t> lease_ms = {};  // both as ClaimRequest
  bool own_lease = false;
};

// Gives the task to an agent. A free one: as a claim by it, unmet dependencies included. One that is in progress under
// `fence`: the new owner follows the old one in one step, under a new fence, so that nobody can claim it in between;
// without the fence 409 "claimed". kNotFound. kConflict as claim(), and "stale_fence".
Result<store::Task> assign(store::Tx& tx, const Assignment& request);

struct Drop {
  TaskId task_id = {};
  std::optional<std::int64_t> fence = {};
};

// Takes the task off the board without deleting it: lists leave it out, nobody can claim it, what waits for it is told.
// An owner loses it. Dropping again changes nothing. kNotFound. kConflict "stale_fence"; "running" while a run of this
// daemon works on it.
Result<store::Task> drop(store::Tx& tx, const Drop& request);

// The way back: PATCH {"dropped":false}. What waits for it is told.
Result<store::Task> restore(store::Tx& tx, const TaskId& id);

// What drop() and restore() do to a task as it was read in this transaction: of a larger change (edit.hpp). kConflict
// "running".
Result<Unit> drop_task(store::Tx& tx, store::Task& task);
void restore_task(store::Tx& tx, store::Task& task);

// kConflict "stale_fence" unless `fence` is absent or the task's current one.
Result<Unit> check_fence(const store::Task& task, const std::optional<std::int64_t>& fence);

}  // namespace baton::board
