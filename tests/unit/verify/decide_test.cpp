#include "verify/decide.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include <gmock/gmock.h>

namespace baton::verify {
namespace {

using enum GateOutcome;
using enum NextStatus;

struct Row {
  GateOutcome outcome;
  std::uint32_t attempt, allowed;
  Policy policy;
  std::optional<VerdictStatus> verdict;
  NextStatus next;
};

constexpr Policy kDefault{};
constexpr Policy kStrict{.unverified = Unverified::kBlock, .block_green_debt = true};
constexpr Policy kTrusting{.unverified = Unverified::kDone, .block_green_debt = false};
constexpr auto kPassed = VerdictStatus::kPass;
constexpr auto kFailed = VerdictStatus::kFail;
constexpr auto kDebt = VerdictStatus::kCompletedWithDebt;

void PrintTo(const Row& row, std::ostream* out) {
  constexpr std::array<std::string_view, 4> kOutcomes{"green", "green_with_debt", "red", "unset"};
  *out << kOutcomes.at(static_cast<std::size_t>(row.outcome)) << "_attempt_" << row.attempt << "_of_" << row.allowed
       << "_unverified_" << to_text(row.policy.unverified) << (row.policy.block_green_debt ? "_debt_blocks" : "");
}

class Decisions : public ::testing::TestWithParam<Row> {};

TEST_P(Decisions, FollowTheTable) {
  const auto& row = GetParam();
  const auto decision = decide(row.outcome, row.attempt, row.allowed, row.policy);
  EXPECT_EQ(decision.verdict, row.verdict);
  EXPECT_EQ(to_text(decision.next), to_text(row.next));
}

INSTANTIATE_TEST_SUITE_P(
    Table, Decisions,
    ::testing::Values(
        Row{kGreen, 1, 2, kDefault, kPassed, kDone}, Row{kGreen, 2, 2, kDefault, kPassed, kDone},
        Row{kGreen, 9, 2, kStrict, kPassed, kDone}, Row{kGreenWithDebt, 1, 2, kDefault, kFailed, kInProgress},
        Row{kGreenWithDebt, 2, 2, kDefault, kDebt, kDone}, Row{kGreenWithDebt, 2, 2, kStrict, kDebt, kBlocked},
        Row{kRed, 1, 2, kDefault, kFailed, kInProgress}, Row{kRed, 2, 2, kDefault, kDebt, kBlocked},
        Row{kRed, 3, 2, kDefault, kDebt, kBlocked}, Row{kRed, 1, 1, kTrusting, kDebt, kBlocked},
        Row{kRed, 1, 0, kDefault, kDebt, kBlocked}, Row{kUnset, 1, 2, kDefault, std::nullopt, kInReview},
        Row{kUnset, 1, 2, kStrict, kFailed, kBlocked}, Row{kUnset, 1, 2, kTrusting, std::nullopt, kDone}));

TEST(Decide, IsKnownAtCompileTime) { static_assert(decide(kGreen, 1, 2, kDefault) == Decision{kPassed, kDone}); }

TEST(Words, AreTheBoardsAndTheContracts) {
  EXPECT_EQ(to_text(kInProgress), "in_progress");
  EXPECT_EQ(to_text(kInReview), "in_review");
  EXPECT_EQ(to_text(kDebt), "completed_with_debt");
}

TEST(Words, OfThePolicyAreReadBack) {
  for (const auto policy : {Unverified::kReview, Unverified::kBlock, Unverified::kDone}) {
    EXPECT_EQ(parse_unverified(to_text(policy)), policy);
  }
  EXPECT_EQ(parse_unverified("Review"), std::nullopt);
  EXPECT_EQ(parse_unverified(""), std::nullopt);
}

}  // namespace
}  // namespace baton::verify
