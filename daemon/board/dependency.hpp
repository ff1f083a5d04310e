// Which task waits for which. Ready is maintained, not computed: each task carries the number of its blockers that are
// not done, changed in the transaction in which a blocker changes, so that "ready" is an index and never a search.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct Link {
  TaskId task_id;
  TaskId depends_on;
};

// Repeating a link is fine. kNotFound for either end. kConflict "task_dependency_cycle", also for a task on itself.
Result<Unit> link(store::Tx& tx, const Link& request);

struct CancelledTask {
  TaskId id;
  std::string title;
};

// Cancels what depends on `id`, directly or not, and has not begun (todo, backlog): all of it or nothing. kNotFound.
Result<std::vector<CancelledTask>> cancel_dependents(store::Tx& tx, const TaskId& id);

// `id` has just become done: counts its dependents down and tells of those that are ready now.
void blocker_done(store::Tx& tx, const TaskId& id);

}  // namespace baton::board
