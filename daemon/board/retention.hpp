// What the board forgets: old events, and answers that nobody will ask for again. A bounded piece of it per
// transaction.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct EventLimits {
  std::int64_t keep_ms = 0;     // forget what is older; 0: nothing for its age
  std::int64_t keep_bytes = 0;  // forget the oldest while there is more; 0: nothing for its size
};

// How many were forgotten; limits::kUpkeepStep means that there may be more. What the stale sweep has not passed yet
// stays, whatever the limits say: it is the sweep's queue.
Result<std::size_t> forget_events(store::Tx& tx, const EventLimits& keep);

// The same for answers under an Idempotency-Key that were kept for limits::kKeptAnswer.
Result<std::size_t> forget_answers(store::Tx& tx);

}  // namespace baton::board
