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

// Repeating a link is fine. A wait that has no end from the start is told at once (see blocker_given_up). kNotFound for
// either end. kConflict "task_dependency_cycle", also for a task on itself.
Result<Unit> link(store::Tx& tx, const Link& request);

// Ends a wait. The task may be ready then, which is told. Whether there was a link. kNotFound: the task.
Result<bool> unlink(store::Tx& tx, const Link& request);

struct Links {
  std::vector<TaskId> depends_on;
  std::vector<TaskId> dependents;  // directly
  bool more_depends_on = false;    // of each direction limits::kLinksShown are shown
  bool more_dependents = false;
};
// kNotFound.
Result<Links> links_of(const store::View& view, const TaskId& id);

struct CancelledTask {
  TaskId id;
  std::string title;
};

// Cancels what depends on `id`, directly or not, and has not begun (todo, backlog): all of it or nothing. kNotFound.
Result<std::vector<CancelledTask>> cancel_dependents(store::Tx& tx, const TaskId& id);

// `id` has just become done: counts its dependents down and tells of those that are ready now.
void blocker_done(store::Tx& tx, const TaskId& id);

// `blocker` was cancelled or dropped: tells its dependents that have not ended (event `dep_cancelled`), since their
// wait has no end by itself.
void blocker_given_up(store::Tx& tx, const store::Task& blocker);

// `blocker`, which was dropped, is back: takes that back (event `dep_restored`).
void blocker_restored(store::Tx& tx, const store::Task& blocker);

}  // namespace baton::board
