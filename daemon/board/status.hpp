// The seven statuses and how a task may move between them (contract §1.2), complete at compile time.
//
// `todo` means: free to be claimed. A move to it is a release: owner and verdict are cleared. `done` and `cancelled`
// are final.
#pragma once

#include "base/bug.hpp"
#include "store/rows.hpp"

namespace baton::board {

using store::TaskStatus;

// True when a task may go from `from` to another status `to`. Staying is not a move: it changes nothing and is always
// allowed.
constexpr bool may_move(TaskStatus from, TaskStatus to) {
  using enum TaskStatus;
  switch (from) {
    case kBacklog: return to == kTodo || to == kBlocked || to == kCancelled;
    case kTodo: return to == kInProgress || to == kBlocked || to == kBacklog || to == kCancelled;
    case kInProgress: return to == kInReview || to == kDone || to == kBlocked || to == kTodo || to == kCancelled;
    case kInReview: return to == kDone || to == kInProgress || to == kBlocked || to == kCancelled;
    case kBlocked: return to == kTodo || to == kInProgress || to == kBacklog || to == kCancelled;
    case kDone:
    case kCancelled: return false;
  }
  bug("TaskStatus out of range");
}

constexpr bool is_terminal(TaskStatus status) {
  return status == TaskStatus::kDone || status == TaskStatus::kCancelled;
}

// True while somebody works on it or judges it.
constexpr bool is_locked(TaskStatus status) {
  return status == TaskStatus::kInProgress || status == TaskStatus::kInReview;
}

// What a claim may take, and what ready lists hold (store/tx.hpp).
inline bool is_ready(const store::Task& task) {
  return task.status == TaskStatus::kTodo && !task.assignee_agent_id && !task.dropped && task.unmet_blockers == 0;
}

static_assert(!may_move(TaskStatus::kDone, TaskStatus::kTodo));
static_assert(!may_move(TaskStatus::kInReview, TaskStatus::kTodo), "a task under review is judged first");

}  // namespace baton::board
