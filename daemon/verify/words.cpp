// The spellings of this folder's enumerations.
#include "base/bug.hpp"
#include "verify/decide.hpp"
#include "verify/resolve.hpp"
#include "verify/settings.hpp"
#include "verify/verdict.hpp"

namespace baton::verify {

std::string_view to_text(Unverified unverified) {
  switch (unverified) {
    case Unverified::kReview: return "review";
    case Unverified::kBlock: return "block";
    case Unverified::kDone: return "done";
  }
  bug("unverified policy out of range");
}

std::optional<Unverified> parse_unverified(std::string_view text) {
  for (const auto policy : {Unverified::kReview, Unverified::kBlock, Unverified::kDone}) {
    if (text == to_text(policy)) return policy;
  }
  return std::nullopt;
}

std::string_view to_text(Origin origin) {
  switch (origin) {
    case Origin::kNone: return "nowhere";
    case Origin::kConfiguration: return "the configuration";
    case Origin::kRepository: return ".baton.toml of the base commit";
    case Origin::kBaseScript: return "init.sh of the base commit";
    case Origin::kWorktree: return "the worktree";
  }
  bug("origin out of range");
}

std::string_view to_text(VerdictStatus status) {
  switch (status) {
    case VerdictStatus::kPass: return "pass";
    case VerdictStatus::kFail: return "fail";
    case VerdictStatus::kCompletedWithDebt: return "completed_with_debt";
  }
  bug("verdict status out of range");
}

std::string_view to_text(NextStatus next) {
  switch (next) {
    case NextStatus::kDone: return "done";
    case NextStatus::kInProgress: return "in_progress";
    case NextStatus::kBlocked: return "blocked";
    case NextStatus::kInReview: return "in_review";
  }
  bug("next status out of range");
}

}  // namespace baton::verify
