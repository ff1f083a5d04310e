#include "board/judgement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "board/status.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using test::BoardOnDisk;

store::Task claimed(BoardOnDisk& board) {
  const auto task = board.create("work");
  return *board.write([&](store::Tx& tx) { return claim(tx, {.task_id = task.id, .assignee_agent_id = "ada"}); });
}

auto begun(BoardOnDisk& board, const store::Task& task) {
  return board.write([&](store::Tx& tx) { return begin_judgement(tx, task.id, task.fence); });
}

std::vector<TaskId> recovered(BoardOnDisk& board) {
  return *board.write([](store::Tx& tx) { return recover_judgements(tx); });
}

TEST(Judgement, ThatDiedLeavesTheTaskWithItsOwner) {
  BoardOnDisk board;
  const auto task = claimed(board);
  ASSERT_TRUE(begun(board, task));
  EXPECT_EQ(board.task(task.id).status, TaskStatus::kInReview);
  EXPECT_THAT(recovered(board), testing::ElementsAre(task.id));
  const auto now = board.task(task.id);
  EXPECT_EQ(now.status, TaskStatus::kInProgress);
  EXPECT_EQ(now.assignee_agent_id, "ada");
  EXPECT_EQ(now.fence, task.fence);
  EXPECT_EQ(board.story_of(task.id).back().kind, "status_changed");
  EXPECT_TRUE(recovered(board).empty()) << "once is enough";
  EXPECT_TRUE(begun(board, now)) << "it can be judged again";
}

TEST(Judgement, ThatLeftSomethingUndeadIsRecoveredAsBlocked) {
  BoardOnDisk board;
  const auto task = claimed(board);
  ASSERT_TRUE(begun(board, task));
  const Undead undead{{task.id, "process 7 cannot be ended"}};
  const auto recovered = board.write([&](store::Tx& tx) { return recover_judgements(tx, undead); });
  EXPECT_THAT(*recovered, testing::ElementsAre(task.id));
  EXPECT_EQ(board.task(task.id).status, TaskStatus::kBlocked);
}

TEST(Judgement, ThatEndedIsNotRecovered) {
  BoardOnDisk board;
  const auto task = claimed(board);
  ASSERT_TRUE(begun(board, task));
  const Settlement review{.after = AfterWork::kReview};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return end_judgement(tx, task.id, task.fence, review); }));
  EXPECT_TRUE(recovered(board).empty());
  EXPECT_EQ(board.task(task.id).status, TaskStatus::kInReview);
}

TEST(Judgement, OfATaskThatWaitsForAPersonLeavesItThere) {
  BoardOnDisk board;
  const auto task = claimed(board);
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return begin_review(tx, task.id, task.fence); }));
  ASSERT_TRUE(begun(board, task));
  EXPECT_TRUE(recovered(board).empty());
  EXPECT_EQ(board.task(task.id).status, TaskStatus::kInReview);
}

TEST(Judgement, OfATaskThatWasDecidedMeanwhileIsForgotten) {
  BoardOnDisk board;
  const auto task = claimed(board);
  ASSERT_TRUE(begun(board, task));
  const Settlement blocked{.after = AfterWork::kBlock};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return settle_task(tx, task.id, task.fence, blocked); }));
  EXPECT_TRUE(recovered(board).empty());
  EXPECT_EQ(board.task(task.id).status, TaskStatus::kBlocked);
}

}  // namespace
}  // namespace baton::board
