// Taking whatever is best: highest priority first, then the oldest (newest first would starve old tasks).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct ClaimNext {
  std::optional<std::string> team_id = {};
  std::string assignee_agent_id = {};
  std::optional<std::string> assignee_runtime = {};
  std::vector<std::string> kinds = {};        // empty: any
  std::optional<std::int64_t> lease_ms = {};  // both as ClaimRequest
  bool own_lease = false;
  std::optional<store::TaskCursor> after = {};  // where an earlier piece of the search ended
};

struct NextClaim {
  std::optional<store::Task> task;         // claimed
  std::optional<store::TaskCursor> go_on;  // no task yet, but more to look at: ask again from here
};

// One bounded piece of the search, and the claim. Neither task nor place: there is none.
Result<NextClaim> claim_next(store::Tx& tx, const ClaimNext& request);

// Is there something for claim_next() to take? A look at the first piece of the search, for waiters, before they go to
// the writer. kPerhaps: nothing there, but the search goes on.
enum class Ready : std::uint8_t { kNone, kPerhaps, kSome };
Ready look_for_ready(const store::View& view, const std::optional<std::string>& team_id,
                     const std::vector<std::string>& kinds);

}  // namespace baton::board
