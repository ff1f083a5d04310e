// Which worktrees are too old or too much: a rule over a list, without files or clocks.
//
// Per repository the newest are kept. What somebody works with counts for the number and the bytes, but never goes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace baton::executor {

// Each limit: 0 is without.
struct CollectRules {
  std::chrono::milliseconds age{0};  // since it was last used
  std::size_t count = 0;             // of one repository
  std::uint64_t bytes = 0;           // of all of them together
};

struct CollectItem {
  std::string repository;  // what its directory lies in
  std::int64_t used_ms = 0;
  std::uint64_t bytes = 0;   // 0: not measured
  bool active = false;       // somebody works with it
  bool interrupted = false;  // its making, and nobody ever had it
};

struct CollectChoice {
  std::size_t index = 0;  // in the list
  std::string_view why;   // "interrupted", "age", "count", "bytes"
};

// Oldest first.
std::vector<CollectChoice> choose_to_collect(const std::vector<CollectItem>& items, const CollectRules& rules,
                                             std::int64_t now_ms);

}  // namespace baton::executor
