#include "board/claim.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/dependency.hpp"
#include "board/edit.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using test::BoardOnDisk;
using testing::ElementsAre;

Result<store::Task> claimed(BoardOnDisk& board, const TaskId& id, const std::string& agent, bool ignore = false) {
  const ClaimRequest request{.task_id = id, .assignee_agent_id = agent, .ignore_dependencies = ignore};
  return board.write([&](store::Tx& tx) { return claim(tx, request); });
}

TEST(Claim, GivesTheTaskToTheClaimant) {
  BoardOnDisk board;
  const auto task = board.create("take me");
  const auto won = claimed(board, task.id, "ada");
  ASSERT_TRUE(won);
  EXPECT_EQ(won->status, store::TaskStatus::kInProgress);
  EXPECT_EQ(won->assignee_agent_id, "ada");
  EXPECT_EQ(won->fence, task.fence + 1);
  EXPECT_EQ(won->claimed_at, board.clock().unix_ms());
  EXPECT_THAT(board.events_of(task.id), ElementsAre("task_created", "task_claimed"));
}

TEST(Claim, RefusesTheSecondAndNamesTheHolder) {
  BoardOnDisk board;
  const auto task = board.create("take me");
  ASSERT_TRUE(claimed(board, task.id, "ada"));
  const auto lost = claimed(board, task.id, "bob");
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, Errc::kConflict);
  EXPECT_EQ(lost.error().reason, "claimed");
  EXPECT_THAT(lost.error().what, testing::HasSubstr("'ada'"));
  EXPECT_EQ(board.task(task.id).assignee_agent_id, "ada");
}

TEST(Claim, RefusesTheHolderToo) {
  BoardOnDisk board;
  const auto task = board.create("take me");
  ASSERT_TRUE(claimed(board, task.id, "ada"));
  EXPECT_EQ(claimed(board, task.id, "ada").error().reason, "claimed");
}

TEST(Claim, TellsNotFoundFromConflict) {
  BoardOnDisk board;
  const auto missing = claimed(board, TaskId("nobody"), "ada");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::kNotFound);
  const auto parked = board.create("later", {.status = store::TaskStatus::kBacklog});
  const auto early = claimed(board, parked.id, "ada");
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().reason, "status");
}

TEST(Claim, WaitsForDependenciesUnlessTold) {
  BoardOnDisk board;
  const auto first = board.create("first");
  const auto second = board.create("second");
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return link(tx, {second.id, first.id}); }));
  const auto refused = claimed(board, second.id, "ada");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "dependencies");
  EXPECT_EQ(board.task(second.id).status, store::TaskStatus::kTodo) << "a refusal changes nothing";
  EXPECT_EQ(board.task(second.id).fence, 0);
  EXPECT_TRUE(claimed(board, second.id, "ada", true));
}

TEST(Claim, ReleaseMakesItFreeAndTheFenceRises) {
  BoardOnDisk board;
  const auto task = board.create("take me");
  const auto first = claimed(board, task.id, "ada");
  const TaskEdit release{.task_id = task.id, .status = store::TaskStatus::kTodo};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, release); }));
  const auto free = board.task(task.id);
  EXPECT_EQ(free.assignee_agent_id, std::nullopt);
  EXPECT_GT(free.fence, first->fence);
  const auto second = claimed(board, task.id, "bob");
  ASSERT_TRUE(second);
  EXPECT_GT(second->fence, free.fence);
}

}  // namespace
}  // namespace baton::board
