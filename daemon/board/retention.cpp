#include "board/retention.hpp"

#include <algorithm>
#include <chrono>

#include "board/lease.hpp"

namespace baton::board {

Result<std::size_t> forget_events(store::Tx& tx, const EventLimits& keep) {
  store::EventRetention retention;
  if (keep.keep_ms > 0) retention.before_ms = std::max<std::int64_t>(tx.now_ms - keep.keep_ms, 0);
  if (keep.keep_bytes > 0) retention.keep_bytes = keep.keep_bytes;
  retention.up_to = swept_up_to(tx);
  return tx.events.prune(retention, limits::kUpkeepStep);
}

Result<std::size_t> forget_answers(store::Tx& tx) {
  constexpr std::int64_t kKept = std::chrono::milliseconds(limits::kKeptAnswer).count();
  return tx.kept_answers.prune(tx.now_ms - kKept, limits::kUpkeepStep);
}

}  // namespace baton::board
