#include "board/create.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/lease.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using test::BoardOnDisk;

TEST(CreateTask, PutsATaskOnTheBoardWithItsEvent) {
  BoardOnDisk board;
  const auto task = board.create("a title", {.description = "why", .priority = -3, .team_id = "team"});
  const auto found = board.task(task.id);
  EXPECT_EQ(found.title, "a title");
  EXPECT_EQ(found.description, "why");
  EXPECT_EQ(found.status, store::TaskStatus::kTodo);
  EXPECT_EQ(found.priority, -3);
  EXPECT_EQ(found.team_id, "team");
  EXPECT_EQ(found.created_at, board.clock().unix_ms());
  EXPECT_EQ(found.fence, 0);
  EXPECT_THAT(board.events_of(task.id), testing::ElementsAre("task_created"));
}

TEST(CreateTask, RefusesAParentThatIsNotThere) {
  BoardOnDisk board;
  const NewTask orphan{.title = "orphan", .parent_task_id = TaskId("nobody")};
  const auto made = board.write([&](store::Tx& tx) { return create_task(tx, orphan); });
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::kNotFound);
  EXPECT_EQ(made.error().reason, "parent_not_found");
}

TEST(ReadTask, ShowsAncestorsParentFirst) {
  BoardOnDisk board;
  const auto root = board.create("root");
  const auto middle = board.create("middle", {.parent_task_id = root.id});
  const auto leaf = board.create("leaf", {.parent_task_id = middle.id});
  const auto detail = board.read([&](const store::View& view) { return read_task(view, leaf.id); });
  ASSERT_TRUE(detail);
  ASSERT_EQ(detail->ancestors.size(), 2U);
  EXPECT_EQ(detail->ancestors[0].id, middle.id);
  EXPECT_EQ(detail->ancestors[1].id, root.id);
}

TEST(ReadTask, SaysWhenThereIsNone) {
  BoardOnDisk board;
  const auto detail = board.read([](const store::View& view) { return read_task(view, TaskId("nobody")); });
  ASSERT_FALSE(detail);
  EXPECT_EQ(detail.error().code, Errc::kNotFound);
}

TEST(ReadTask, QuotesOnlyTheBeginningOfALongId) {
  BoardOnDisk board;
  const TaskId id(std::string(10'000, 'x'));
  const auto detail = board.read([&](const store::View& view) { return read_task(view, id); });
  ASSERT_FALSE(detail);
  EXPECT_LT(detail.error().what.size(), 300U);
  const NewTask orphan{.title = "orphan", .parent_task_id = id};
  EXPECT_LT(board.write([&](store::Tx& tx) { return create_task(tx, orphan); }).error().what.size(), 300U);
}

TEST(CreateTask, GivesALeaseToWorkThatIsInProgressFromTheStart) {
  BoardOnDisk board;
  const auto working = board.create("working", {.status = store::TaskStatus::kInProgress, .lease_ms = 1000});
  EXPECT_EQ(lease_expires_at(working), board.clock().unix_ms() + 1000);
  EXPECT_EQ(board.create("free", {.lease_ms = 1000}).lease_ms, std::nullopt);
  board.clock().step(1000);
  const auto swept = board.write([](store::Tx& tx) { return sweep_stale(tx, {.stale_after_ms = 60'000}); });
  ASSERT_TRUE(swept);
  EXPECT_THAT(swept->released, testing::ElementsAre(working.id));
  EXPECT_EQ(board.task(working.id).status, store::TaskStatus::kTodo);
}

}  // namespace
}  // namespace baton::board
