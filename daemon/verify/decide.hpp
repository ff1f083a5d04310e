// What a verification does to its task: the table of the product's first rule, as a pure function.
//
//   gate     attempts left   verdict               the task goes to
//   green    –               pass                  done
//   debt     yes             fail                  in_progress, with a fix note
//   debt     no              completed_with_debt   done; blocked when the policy says so
//   red      yes             fail                  in_progress, with a fix note
//   red      no              completed_with_debt   blocked
//   unset    –               none (block: fail)    by the policy: in_review, blocked or done
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bug.hpp"
#include "verify/settings.hpp"
#include "verify/verdict.hpp"

namespace baton::verify {

enum class GateOutcome : std::uint8_t {
  kGreen,
  kGreenWithDebt,  // the command passed, a reviewer's findings remain
  kRed,            // also: out of time
  kUnset,          // no command
};

enum class NextStatus : std::uint8_t { kDone, kInProgress, kBlocked, kInReview };

std::string_view to_text(NextStatus next);  // as the board spells it

struct Decision {
  std::optional<VerdictStatus> verdict;  // nothing: none is stored, nothing was judged
  NextStatus next = NextStatus::kInReview;
  friend constexpr bool operator==(const Decision&, const Decision&) = default;
};

// `attempt` counts from 1 and is the one that just ran; the last one is at least the first.
constexpr Decision decide(GateOutcome outcome, std::uint32_t attempt, std::uint32_t attempts_allowed, Policy policy) {
  const bool attempts_left = attempt < attempts_allowed;
  switch (outcome) {
    case GateOutcome::kGreen: return {VerdictStatus::kPass, NextStatus::kDone};
    case GateOutcome::kGreenWithDebt:
      if (attempts_left) return {VerdictStatus::kFail, NextStatus::kInProgress};
      return {VerdictStatus::kCompletedWithDebt, policy.block_green_debt ? NextStatus::kBlocked : NextStatus::kDone};
    case GateOutcome::kRed:
      if (attempts_left) return {VerdictStatus::kFail, NextStatus::kInProgress};
      return {VerdictStatus::kCompletedWithDebt, NextStatus::kBlocked};
    case GateOutcome::kUnset:
      switch (policy.unverified) {
        case Unverified::kReview: return {std::nullopt, NextStatus::kInReview};
        case Unverified::kBlock: return {VerdictStatus::kFail, NextStatus::kBlocked};
        case Unverified::kDone: return {std::nullopt, NextStatus::kDone};
      }
  }
  bug("gate outcome out of range");
}

}  // namespace baton::verify
