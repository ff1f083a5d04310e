// What a server did that it must not do.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton::load {

enum class Violation : std::uint8_t {
  kSeveralWinners,    // two claims of one task were acknowledged
  kNoWinner,          // every claim of a task was refused
  kMissingClaim,      // reading back, a task is not in progress with the claimant that won it
  kUnexpectedAnswer,  // a status or body that the contract does not have there
  kLostRequest,       // the connection ended before the answer
  kUnfinished,        // not asked or not answered within the time
};
inline constexpr std::array kViolationNames{"severalWinners",   "noWinner",    "missingClaim",
                                            "unexpectedAnswer", "lostRequest", "unfinished"};

class Violations {
 public:
  void add(Violation kind, std::string what, std::uint64_t times = 1) {
    counts_[static_cast<std::size_t>(kind)] += times;
    if (examples_.size() < kExamples) examples_.push_back(std::move(what));
  }

  // Nothing when there are none.
  void add_unfinished(std::uint64_t requests, const std::string& why) {
    if (requests > 0) add(Violation::kUnfinished, why, requests);
  }

  std::uint64_t count(std::size_t kind) const { return counts_[kind]; }
  std::uint64_t total() const { return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0}); }
  const std::vector<std::string>& examples() const { return examples_; }  // the first few

 private:
  static constexpr std::size_t kExamples = 10;

  std::array<std::uint64_t, kViolationNames.size()> counts_{};
  std::vector<std::string> examples_;
};

}  // namespace baton::load
