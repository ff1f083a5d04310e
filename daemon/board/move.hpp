// One step of a task from status to status, with everything that hangs on it. Every script that moves a task does it
// here.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "board/event_log.hpp"
#include "store/tx.hpp"

namespace baton::board {

// Moves `task` (as it was read in this transaction) and writes it, with its event. Staying changes nothing.
// - to todo: a release; owner, verdict and claim time are cleared and the fence rises, so that the last owner's writes
// are refused;
// - to done or cancelled: stamps the time of completion; done makes dependents ready.
// kConflict "illegal_transition". Whether it may be *done* is the caller's question (edit.hpp, run.hpp).
Result<Unit> move_task(store::Tx& tx, store::Task& task, store::TaskStatus to, std::string_view reason,
                       const EventSource& source);

}  // namespace baton::board
