#include "executor/busy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace baton::executor {
namespace {

TEST(BusyTasks, OneHolderAtATime) {
  BusyTasks busy;
  auto first = busy.hold(TaskId("t"), "a run");
  ASSERT_TRUE(first);
  const auto second = busy.hold(TaskId("t"), "a pause");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "busy");
  EXPECT_THAT(second.error().what, testing::HasSubstr("a run"));
  EXPECT_TRUE(busy.hold(TaskId("other"), "a pause"));
}

TEST(BusyTasks, TheHoldMovesAndEndsOnce) {
  BusyTasks busy;
  std::optional<BusyTasks::Hold> kept;
  {
    auto held = busy.hold(TaskId("t"), "a run");
    kept.emplace(*std::move(held));
  }
  EXPECT_FALSE(busy.hold(TaskId("t"), "a pause")) << "the moved-from hold must not free it";
  kept.reset();
  EXPECT_TRUE(busy.hold(TaskId("t"), "a pause"));
}

TEST(BusyTasks, ATaskWithSomethingUndeadIsHeldByIt) {
  bool alive = true;
  BusyTasks busy([&](const TaskId& task) -> std::optional<std::string> {
    return alive && task == TaskId("t") ? std::optional<std::string>("process 7 lives") : std::nullopt;
  });
  const auto refused = busy.hold(TaskId("t"), "a run");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kConflict);
  EXPECT_EQ(refused.error().reason, "undead_worker");
  EXPECT_EQ(refused.error().what, "process 7 lives");
  EXPECT_TRUE(busy.hold(TaskId("other"), "a run"));
  alive = false;
  EXPECT_TRUE(busy.hold(TaskId("t"), "a run")) << "the refusal held nothing";
}

}  // namespace
}  // namespace baton::executor
