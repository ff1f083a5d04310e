#include "board/execution.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/edit.hpp"
#include "board/own.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using store::ExecutionStatus;
using test::BoardOnDisk;

store::Execution opened(BoardOnDisk& board, const TaskId& task) {
  auto row =
      board.write([&](store::Tx& tx) { return open_execution(tx, {.task_id = task, .executor_type = "codex"}); });
  require(row.has_value(), "not opened");
  return *std::move(row);
}

TEST(Execution, TheFirstEndWins) {
  BoardOnDisk board;
  const auto task = board.create("run me");
  const auto row = opened(board, task.id);
  board.clock().step(50);
  const ExecutionEnd end{.status = ExecutionStatus::kSucceeded, .summary = "fine", .input_tokens = 7, .cost_usd = 0.5};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return close_execution(tx, row.id, end); }));
  const ExecutionEnd again{.status = ExecutionStatus::kFailed};
  EXPECT_EQ(board.write([&](store::Tx& tx) { return close_execution(tx, row.id, again); }).error().code,
            Errc::kNotFound);
  const auto rows = board.read([&](const store::View& view) { return executions_of(view, task.id); });
  ASSERT_EQ(rows->size(), 1U);
  EXPECT_EQ(rows->front().status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(rows->front().input_tokens, 7);
  EXPECT_EQ(rows->front().output_tokens, std::nullopt) << "unknown is not zero";
  EXPECT_EQ(rows->front().completed_at, board.clock().unix_ms());
  EXPECT_EQ(board.events_of(task.id).back(), "execution_completed");
}

store::Execution only_row(BoardOnDisk& board, const TaskId& task) {
  auto rows = board.read([&](const store::View& view) { return executions_of(view, task); });
  require(rows && rows->size() == 1, "not one execution");
  return rows->front();
}

// A task in progress with an execution of a client, and what becomes of it when the task moves.
store::Execution after_move(BoardOnDisk& board, store::TaskStatus to) {
  const auto task = board.create("run me", {.status = store::TaskStatus::kInProgress});
  opened(board, task.id);
  const TaskEdit edit{.task_id = task.id, .status = to};
  require(board.write([&](store::Tx& tx) { return edit_task(tx, edit); }).has_value(), "not moved");
  return only_row(board, task.id);
}

TEST(Execution, OfAClientEndsWithTheWorkOnItsTask) {
  BoardOnDisk board;
  const auto done = after_move(board, store::TaskStatus::kDone);
  EXPECT_EQ(done.status, ExecutionStatus::kSucceeded);
  EXPECT_EQ(done.error, std::nullopt);
  EXPECT_EQ(done.completed_at, board.clock().unix_ms());
  EXPECT_THAT(board.events_of(done.task_id),
              testing::ElementsAre("task_created", "execution_started", "execution_completed", "status_changed"));
  const auto freed = after_move(board, store::TaskStatus::kTodo);
  EXPECT_EQ(freed.status, ExecutionStatus::kCancelled);
  EXPECT_EQ(freed.error, "the task went to todo");
  EXPECT_EQ(after_move(board, store::TaskStatus::kCancelled).status, ExecutionStatus::kCancelled);
}

TEST(Execution, OfAClientGoesOnWhileTheTaskIsJudgedOrBlocked) {
  BoardOnDisk board;
  EXPECT_EQ(after_move(board, store::TaskStatus::kInReview).status, ExecutionStatus::kRunning);
  EXPECT_EQ(after_move(board, store::TaskStatus::kBlocked).status, ExecutionStatus::kRunning);
}

TEST(Execution, OfAClientEndsWhenTheTaskIsDropped) {
  BoardOnDisk board;
  for (const auto status : {store::TaskStatus::kBlocked, store::TaskStatus::kTodo, store::TaskStatus::kInProgress}) {
    const auto task = board.create("run me", {.status = status});
    opened(board, task.id);
    ASSERT_TRUE(board.write([&](store::Tx& tx) { return drop(tx, {.task_id = task.id}); }));
    EXPECT_EQ(only_row(board, task.id).status, ExecutionStatus::kCancelled);
  }
}

TEST(Execution, NeedsATaskAndItsOwnWorkspace) {
  BoardOnDisk board;
  const auto missing = board.write(
      [](store::Tx& tx) { return open_execution(tx, {.task_id = TaskId("nobody"), .executor_type = "codex"}); });
  EXPECT_EQ(missing.error().reason, "not_found");
  const auto task = board.create("run me");
  const NewExecution strange{.task_id = task.id, .executor_type = "codex", .workspace_id = WorkspaceId("w")};
  EXPECT_EQ(board.write([&](store::Tx& tx) { return open_execution(tx, strange); }).error().reason,
            "workspace_not_found");
}

TEST(Execution, OfAMissingTaskIsNotAnEmptyList) {
  BoardOnDisk board;
  const auto rows = board.read([](const store::View& view) { return executions_of(view, TaskId("nobody")); });
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace baton::board
