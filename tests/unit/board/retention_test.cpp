#include "board/retention.hpp"

#include <gtest/gtest.h>

#include "board/lease.hpp"
#include "board/once.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

class RetentionTest : public testing::Test {
 protected:
  std::size_t forget(EventLimits keep) {
    return *board_.write([keep](store::Tx& tx) { return forget_events(tx, keep); });
  }

  void sweep(std::int64_t stale_after_ms) {
    const StaleSweep request{.stale_after_ms = stale_after_ms};
    ASSERT_TRUE(board_.write([request](store::Tx& tx) { return sweep_stale(tx, request); }));
  }

  test::BoardOnDisk board_;
};

TEST_F(RetentionTest, KeepsEverythingWithoutLimits) {
  board_.create("old");
  board_.clock().step(1000 * kHourMs);
  board_.create("new");
  sweep(kHourMs);
  EXPECT_EQ(forget({}), 0U);
}

TEST_F(RetentionTest, ForgetsWhatIsTooOld) {
  const auto old = board_.create("old");
  board_.clock().step(3 * kHourMs);
  const auto young = board_.create("new");
  board_.clock().step(kHourMs);
  board_.create("newest");
  sweep(kHourMs);
  EXPECT_EQ(forget({.keep_ms = 2 * kHourMs}), 1U);
  EXPECT_TRUE(board_.events_of(old.id).empty());
  EXPECT_EQ(board_.events_of(young.id).size(), 1U);
}

TEST_F(RetentionTest, ForgetsTheOldestWhenThereIsTooMuch) {
  for (int i = 0; i < 10; ++i) board_.create("a task");
  board_.clock().step(kHourMs);
  const auto newest = board_.create("newest");
  sweep(kHourMs);
  EXPECT_EQ(forget({.keep_bytes = 1}), 10U);
  EXPECT_EQ(board_.events_of(newest.id).size(), 1U);
}

TEST_F(RetentionTest, KeepsWhatTheSweepHasNotPassed) {
  const auto task = board_.create("a task");
  board_.clock().step(10 * kHourMs);
  board_.create("newest");
  EXPECT_EQ(forget({.keep_ms = kHourMs, .keep_bytes = 1}), 0U);
  EXPECT_EQ(board_.events_of(task.id).size(), 1U);
}

TEST_F(RetentionTest, ForgetsAnswersAfterADay) {
  const auto keep = [](store::Tx& tx) -> Result<Unit> {
    keep_answer(tx, {.key = "k", .request = "r"}, "{}");
    return Unit{};
  };
  ASSERT_TRUE(board_.write(keep));
  const auto forget = [](store::Tx& tx) { return forget_answers(tx); };
  EXPECT_EQ(board_.write(forget), 0U);
  board_.clock().step(std::chrono::milliseconds(limits::kKeptAnswer).count() + 1);
  EXPECT_EQ(board_.write(forget), 1U);
}

}  // namespace
}  // namespace baton::board
