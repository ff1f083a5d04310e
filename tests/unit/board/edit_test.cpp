#include "board/edit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "board/status.hpp"
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

TEST(EditTask, KnowsAllFortyNinePairs) {
  using enum TaskStatus;
  BoardOnDisk board;
  for (const auto from : {kBacklog, kTodo, kInProgress, kInReview, kBlocked, kDone, kCancelled}) {
    for (const auto to : {kBacklog, kTodo, kInProgress, kInReview, kBlocked, kDone, kCancelled}) {
      SCOPED_TRACE(std::string(to_text(from)) + " -> " + std::string(to_text(to)));
      const auto task = board.create("pair", {.status = from});
      board.clock().step(1);
      const auto result = edited(board, {.task_id = task.id, .status = to});
      const auto now = board.task(task.id);
      const bool moves = from != to && may_move(from, to);
      EXPECT_EQ(result.has_value(), from == to || moves);
      if (!result) {
        EXPECT_EQ(result.error().reason, "illegal_transition");
      }
      EXPECT_EQ(now.status, moves ? to : from);
      EXPECT_EQ(now.updated_at == board.clock().unix_ms(), moves) << "nothing but a move leaves a trace";
      EXPECT_EQ(now.fence, task.fence + (moves && to == kTodo ? 1 : 0));
      EXPECT_EQ(now.completed_at.has_value(), moves && is_terminal(to));
      EXPECT_EQ(board.events_of(task.id).size(), moves ? 2U : 1U);
    }
  }
}

TEST(EditTask, ToTodoIsARelease) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const ClaimRequest request{
      .task_id = task.id, .assignee_agent_id = "ada", .assignee_runtime = "codex", .lease_ms = 5000, .own_lease = true};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return claim(tx, request); }));
  ASSERT_TRUE(edited(board, {.task_id = task.id, .status = TaskStatus::kTodo}));
  const auto free = board.task(task.id);
  EXPECT_EQ(free.assignee_agent_id, std::nullopt);
  EXPECT_EQ(free.assignee_runtime, std::nullopt);
  EXPECT_EQ(free.claimed_at, std::nullopt);
  EXPECT_EQ(free.lease_ms, std::nullopt);
  EXPECT_EQ(free.lease_check_at, std::nullopt);
}

TEST(EditTask, TheLeaseOutlivesAWaitAndBeginsAnewWithTheWork) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const ClaimRequest request{.task_id = task.id, .assignee_agent_id = "ada", .lease_ms = 5000, .own_lease = true};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return claim(tx, request); }));
  ASSERT_TRUE(edited(board, {.task_id = task.id, .status = TaskStatus::kBlocked}));
  EXPECT_EQ(board.task(task.id).lease_ms, 5000);
  board.clock().step(60'000);
  ASSERT_TRUE(edited(board, {.task_id = task.id, .status = TaskStatus::kInProgress, .lease_ms = 9000}));
  EXPECT_EQ(board.task(task.id).lease_ms, 5000) << "its own, not the board's";
  EXPECT_EQ(board.task(task.id).lease_check_at, board.clock().unix_ms() + 5000);
  ASSERT_TRUE(edited(board, {.task_id = task.id, .status = TaskStatus::kDone}));
  EXPECT_EQ(board.task(task.id).lease_ms, std::nullopt);
}

TEST(EditTask, WorkThatBeginsByHandGetsALease) {
  BoardOnDisk board;
  const auto task = board.create("work");
  ASSERT_TRUE(edited(board, {.task_id = task.id, .status = TaskStatus::kInProgress, .lease_ms = 9000}));
  EXPECT_EQ(board.task(task.id).lease_ms, 9000);
  EXPECT_EQ(board.task(task.id).assignee_agent_id, std::nullopt);
}

TEST(EditTask, DropsAndRestoresWithTheRest) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto gone = edited(board, {.task_id = task.id, .title = "old news", .dropped = true});
  ASSERT_TRUE(gone);
  EXPECT_TRUE(gone->dropped);
  const auto back = edited(board, {.task_id = task.id, .status = TaskStatus::kBacklog, .dropped = false});
  ASSERT_TRUE(back);
  EXPECT_FALSE(back->dropped);
  EXPECT_EQ(back->title, "old news");
  EXPECT_EQ(back->status, TaskStatus::kBacklog);
  EXPECT_THAT(board.events_of(task.id),
              ElementsAre("task_created", "task_edited", "task_dropped", "task_restored", "status_changed"));
}

TEST(EditTask, ARefusedStatusKeepsItFromBeingDropped) {
  BoardOnDisk board;
  const auto task = board.create("work");
  EXPECT_FALSE(edited(board, {.task_id = task.id, .status = TaskStatus::kDone, .dropped = true}));
  EXPECT_FALSE(board.task(task.id).dropped);
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

TEST(EditTask, MovesADroppedTaskOnlyWhenItRestoresIt) {
  BoardOnDisk board;
  const auto task = board.create("work");
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, {.task_id = task.id, .dropped = true}); }));
  const TaskEdit begin{.task_id = task.id, .status = TaskStatus::kInProgress, .title = "better"};
  const auto refused = board.write([&](store::Tx& tx) { return edit_task(tx, begin); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "dropped");
  EXPECT_EQ(board.task(task.id).title, "work") << "all or nothing";
  const TaskEdit stay{.task_id = task.id, .status = TaskStatus::kTodo, .title = "better"};
  EXPECT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, stay); })) << "texts may be changed";
  const TaskEdit back{.task_id = task.id, .status = TaskStatus::kInProgress, .dropped = false};
  const auto working = board.write([&](store::Tx& tx) { return edit_task(tx, back); });
  ASSERT_TRUE(working);
  EXPECT_EQ(working->status, TaskStatus::kInProgress);
  EXPECT_FALSE(working->dropped);
}

}  // namespace
}  // namespace baton::board
