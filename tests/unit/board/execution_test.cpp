#include "board/execution.hpp"

#include <gtest/gtest.h>

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
