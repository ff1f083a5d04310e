// One step of a task from status to status, with everything that hangs on it. Every script that moves a task does it
// here.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "board/event_log.hpp"
#include "store/tx.hpp"

namespace baton::board {

// Moves `task` (as it was read in this transaction) and writes it, with its event. Staying changes nothing.
// - to todo, done or cancelled: nobody works on it any more, so what clients say they run for it ends (execution.hpp):
// succeeded when it is done, else cancelled;
// - to todo: a release, see end_ownership();
// - to in_progress: a lease begins anew;
// - to done or cancelled: stamps the time of completion and ends the lease; done makes dependents ready, cancelled
// tells them that they wait in vain. kConflict "illegal_transition". Whether it may be *done* is the caller's question
// (edit.hpp, run.hpp).
Result<Unit> move_task(store::Tx& tx, store::Task& task, store::TaskStatus to, std::string_view reason,
                       const EventSource& source);

// Clears owner, verdict, claim time and lease, and raises the fence, so that the last owner's writes are refused. The
// caller saves the row.
void end_ownership(store::Task& task);

// Its owner, as the source of an event.
EventSource owner_of(const store::Task& task);

}  // namespace baton::board
