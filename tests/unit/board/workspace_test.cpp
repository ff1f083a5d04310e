#include "board/workspace.hpp"

#include <gtest/gtest.h>

#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using store::WorkspaceStatus;
using test::BoardOnDisk;

ProvisionedWorkspace at(const TaskId& task, const std::string& repository) {
  return {.task_id = task,
          .repo_path = repository,
          .branch = "clawboo/task-" + task.value,
          .worktree_path = "/state/worktrees/" + task.value,
          .base_commit = std::string(40, 'a'),
          .baseline_commit = std::string(40, 'b')};
}

Result<store::Workspace> recorded(BoardOnDisk& board, const ProvisionedWorkspace& workspace) {
  return board.write([&](store::Tx& tx) { return record_workspace(tx, workspace); });
}

Result<store::Workspace> found(BoardOnDisk& board, const TaskId& task) {
  return board.read([&](const store::View& view) { return workspace_of(view, task); });
}

TEST(Workspace, IsRememberedWithTheTask) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto row = recorded(board, at(task.id, "/repo"));
  ASSERT_TRUE(row);
  EXPECT_EQ(found(board, task.id)->baseline_commit, std::string(40, 'b'));
  EXPECT_EQ(board.task(task.id).worktree_ref, row->worktree_path);
  EXPECT_EQ(board.task(task.id).branch_ref, row->branch);
}

TEST(Workspace, OfTheSameRepositoryIsOneRow) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto first = recorded(board, at(task.id, "/one"));
  EXPECT_EQ(recorded(board, at(task.id, "/one"))->id, first->id);
}

TEST(Workspace, MovedToAnotherRepositoryKeepsTheFirstKnown) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto first = recorded(board, at(task.id, "/one"));
  const auto second = recorded(board, at(task.id, "/two"));
  EXPECT_NE(first->id, second->id) << "the first one may hold work";
  EXPECT_EQ(found(board, task.id)->repo_path, "/two");
}

TEST(Workspace, IsArchivedWithoutATrace) {
  BoardOnDisk board;
  const auto task = board.create("work");
  ASSERT_TRUE(recorded(board, at(task.id, "/repo")));
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return archive_workspace(tx, task.id); }));
  EXPECT_EQ(found(board, task.id)->status, WorkspaceStatus::kArchived);
  EXPECT_EQ(board.task(task.id).worktree_ref, std::nullopt);
}

TEST(Workspace, OfATaskWithoutOneIsNotFound) {
  BoardOnDisk board;
  const auto task = board.create("work");
  EXPECT_EQ(found(board, task.id).error().reason, "workspace_not_found");
  EXPECT_EQ(board.write([&](store::Tx& tx) { return archive_workspace(tx, task.id); }).error().code, Errc::kNotFound);
  EXPECT_EQ(recorded(board, at(TaskId("nobody"), "/repo")).error().code, Errc::kNotFound);
}

TEST(Workspace, ThatIsCollectedIsStaleAndItsTaskStays) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto row = recorded(board, at(task.id, "/repo"));
  const auto before = board.task(task.id);
  const CollectedWorkspace collected{
      .task_id = task.id, .worktree_path = *row->worktree_path, .why = "age", .head = std::string(40, 'c')};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return note_collected(tx, collected); }));
  EXPECT_EQ(found(board, task.id)->status, WorkspaceStatus::kStale);
  EXPECT_EQ(board.task(task.id).updated_at, before.updated_at);
  EXPECT_EQ(board.task(task.id).worktree_ref, before.worktree_ref);
  // Another tree of the task is not the row's.
  ASSERT_TRUE(recorded(board, at(task.id, "/repo")));
  const CollectedWorkspace other{.task_id = task.id, .worktree_path = "/elsewhere", .why = "age"};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return note_collected(tx, other); }));
  EXPECT_EQ(found(board, task.id)->status, WorkspaceStatus::kActive);
  const CollectedWorkspace nobody{.task_id = TaskId("nobody"), .worktree_path = "/elsewhere", .why = "age"};
  EXPECT_TRUE(board.write([&](store::Tx& tx) { return note_collected(tx, nobody); }));
}

}  // namespace
}  // namespace baton::board
