#include "executor/collect_plan.hpp"

#include <string>

#include <gtest/gtest.h>

namespace baton::executor {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kNow = 1'000'000'000;

CollectItem used(std::int64_t seconds_ago, std::uint64_t bytes = 1, std::string repository = "a") {
  return {.repository = std::move(repository), .used_ms = kNow - seconds_ago * 1000, .bytes = bytes};
}

// "<index><first letter of why>" of each choice, in order.
std::string chosen(const std::vector<CollectItem>& items, const CollectRules& rules) {
  std::string text;
  for (const auto& [index, why] : choose_to_collect(items, rules, kNow)) text += std::to_string(index) + why[0];
  return text;
}

TEST(CollectPlan, WithoutLimitsNothingGoes) { EXPECT_EQ(chosen({used(1), used(1'000'000)}, {}), ""); }

TEST(CollectPlan, TheOldestGoFirst) { EXPECT_EQ(chosen({used(20), used(5), used(30)}, {.age = 10s}), "2a0a"); }

TEST(CollectPlan, EachRepositoryKeepsItsNewest) {
  EXPECT_EQ(chosen({used(1), used(3), used(2), used(9, 1, "b")}, {.count = 2}), "1c");
}

TEST(CollectPlan, BytesAreOfAllTogether) {
  EXPECT_EQ(chosen({used(3, 40, "a"), used(2, 40, "b"), used(1, 40, "c")}, {.bytes = 100}), "0b");
}

// What is too large by itself does not take the smaller ones with it.
TEST(CollectPlan, OneThatIsTooLargeGoesAlone) { EXPECT_EQ(chosen({used(2, 10), used(1, 500)}, {.bytes = 100}), "1b"); }

TEST(CollectPlan, WhatIsInUseStaysAndCounts) {
  auto active = used(50);
  active.active = true;
  EXPECT_EQ(chosen({active}, {.age = 10s}), "");
  auto newest = used(0);
  newest.active = true;
  EXPECT_EQ(chosen({newest, used(2)}, {.count = 1}), "1c");
}

TEST(CollectPlan, AnInterruptedRemovalIsFinishedAtAnyAge) {
  auto interrupted = used(0);
  interrupted.interrupted = true;
  EXPECT_EQ(chosen({interrupted}, {}), "0i");
  interrupted.active = true;
  EXPECT_EQ(chosen({interrupted}, {}), "");
}

}  // namespace
}  // namespace baton::executor
