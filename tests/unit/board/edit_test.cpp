#include "board/edit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using store::TaskStatus;
using test::BoardOnDisk;
using testing::ElementsAre;

Result<store::Task> edited(BoardOnDisk& board, TaskEdit edit) {
  return board.write([&](store::Tx& tx) { return edit_task(tx, edit); });
}

// A task in progress that carries a verdict.
store::Task judged(BoardOnDisk& board, const std::string& verdict) {
  const auto task = board.create("judged");
  auto set = board.write([&](store::Tx& tx) -> Result<store::Task> {
    auto row = claim(tx, {.task_id = task.id, .assignee_agent_id = "ada"});
    row->verification = verdict;
    tx.tasks.save(*row);
    return row;
  });
  return *std::move(set);
}

TEST(EditTask, ChangesStatusAndTextsTogether) {
  BoardOnDisk board;
  const auto task = board.create("old");
  const auto changed =
      edited(board, {.task_id = task.id, .status = TaskStatus::kBlocked, .priority = 7, .title = "new"});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->status, TaskStatus::kBlocked);
  EXPECT_EQ(changed->title, "new");
  EXPECT_EQ(board.task(task.id).priority, 7);
  EXPECT_THAT(board.events_of(task.id), ElementsAre("task_created", "status_changed", "task_edited"));
}

TEST(EditTask, ARefusedStatusLeavesTheTextsAlone) {
  BoardOnDisk board;
  const auto task = board.create("old");
  const auto refused = edited(board, {.task_id = task.id, .status = TaskStatus::kDone, .title = "new"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "illegal_transition");
  EXPECT_EQ(board.task(task.id).title, "old");
}

TEST(EditTask, TheSameStatusChangesNothing) {
  BoardOnDisk board;
  const auto task = board.create("still");
  board.clock().step(1000);
  const auto same = edited(board, {.task_id = task.id, .status = TaskStatus::kTodo});
  ASSERT_TRUE(same);
  EXPECT_EQ(same->updated_at, task.updated_at);
  EXPECT_EQ(same->fence, task.fence);
  EXPECT_THAT(board.events_of(task.id), ElementsAre("task_created"));
}

TEST(EditTask, AFailedVerdictKeepsATaskFromDone) {
  BoardOnDisk board;
  const auto task = judged(board, R"({"status":"fail","attempts":[]})");
  const auto refused = edited(board, {.task_id = task.id, .status = TaskStatus::kDone});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "verification_required");
  const auto forced = edited(board, {.task_id = task.id, .status = TaskStatus::kDone, .human_override = true});
  ASSERT_TRUE(forced);
  EXPECT_EQ(forced->completed_at, board.clock().unix_ms());
  EXPECT_THAT(board.events_of(task.id), testing::Contains("verification")) << "an override is always in the log";
}

TEST(EditTask, AnOldFenceIsRefused) {
  BoardOnDisk board;
  const auto task = judged(board, R"({"status":"pass"})");
  const auto stale = edited(board, {.task_id = task.id, .status = TaskStatus::kDone, .fence = task.fence - 1});
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().reason, "stale_fence");
  EXPECT_TRUE(edited(board, {.task_id = task.id, .status = TaskStatus::kDone, .fence = task.fence}));
}

TEST(EditTask, SaysWhenThereIsNone) {
  BoardOnDisk board;
  EXPECT_EQ(edited(board, {.task_id = TaskId("nobody"), .title = "x"}).error().code, Errc::kNotFound);
}

TEST(Promotable, FollowsTheLastGate) {
  EXPECT_TRUE(is_promotable(std::nullopt));
  EXPECT_TRUE(is_promotable(R"({"status":"pass"})"));
  EXPECT_FALSE(is_promotable(R"({"status":"fail"})"));
  EXPECT_FALSE(is_promotable("not json"));
  EXPECT_FALSE(is_promotable(R"({"status":"completed_with_debt"})"));
  EXPECT_TRUE(is_promotable(
      R"({"status":"completed_with_debt","attempts":[{"deterministic":{"passed":false}},{"deterministic":{"passed":true}}]})"));
  EXPECT_FALSE(is_promotable(
      R"({"status":"completed_with_debt","attempts":[{"deterministic":{"passed":true}},{"deterministic":{"passed":false}}]})"));
}

}  // namespace
}  // namespace baton::board
