#include "board/dependency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "board/edit.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using store::TaskStatus;
using test::BoardOnDisk;

Result<Unit> linked(BoardOnDisk& board, const TaskId& task, const TaskId& on) {
  return board.write([&](store::Tx& tx) { return link(tx, {task, on}); });
}

void finish(BoardOnDisk& board, const TaskId& id) {
  const auto done = board.write([&](store::Tx& tx) -> Result<store::Task> {
    auto task = claim(tx, {.task_id = id, .assignee_agent_id = "ada"});
    if (!task) return task;
    return edit_task(tx, {.task_id = id, .status = TaskStatus::kDone});
  });
  ASSERT_TRUE(done) << done.error().what;
}

std::vector<TaskId> ready(BoardOnDisk& board) {
  std::vector<TaskId> ids;
  const auto page = board.read([](const store::View& view) { return list_tasks(view, {.ready = true}, {}, 100); });
  for (const auto& task : page->tasks) ids.push_back(task.id);
  return ids;
}

TEST(Dependencies, ATaskIsReadyWhenItsLastBlockerIsDone) {
  BoardOnDisk board;
  const auto a = board.create("a");
  const auto b = board.create("b");
  const auto c = board.create("c");
  ASSERT_TRUE(linked(board, c.id, a.id));
  ASSERT_TRUE(linked(board, c.id, b.id));
  EXPECT_THAT(ready(board), testing::ElementsAre(a.id, b.id));
  finish(board, a.id);
  EXPECT_THAT(ready(board), testing::ElementsAre(b.id));
  finish(board, b.id);
  EXPECT_THAT(ready(board), testing::ElementsAre(c.id));
  EXPECT_EQ(board.events_of(c.id).back(), "task_ready");
}

TEST(Dependencies, RepeatingALinkCountsOnce) {
  BoardOnDisk board;
  const auto a = board.create("a");
  const auto b = board.create("b");
  ASSERT_TRUE(linked(board, b.id, a.id));
  ASSERT_TRUE(linked(board, b.id, a.id));
  EXPECT_EQ(board.task(b.id).unmet_blockers, 1);
}

TEST(Dependencies, ABlockerThatIsDoneDoesNotCount) {
  BoardOnDisk board;
  const auto a = board.create("a");
  finish(board, a.id);
  const auto b = board.create("b");
  ASSERT_TRUE(linked(board, b.id, a.id));
  EXPECT_EQ(board.task(b.id).unmet_blockers, 0);
}

TEST(Dependencies, CyclesAreRefused) {
  BoardOnDisk board;
  const auto a = board.create("a");
  const auto b = board.create("b");
  const auto c = board.create("c");
  ASSERT_TRUE(linked(board, b.id, a.id));
  ASSERT_TRUE(linked(board, c.id, b.id));
  EXPECT_EQ(linked(board, a.id, c.id).error().reason, "task_dependency_cycle");
  EXPECT_EQ(linked(board, a.id, a.id).error().reason, "task_dependency_cycle");
  EXPECT_EQ(board.task(a.id).unmet_blockers, 0);
}

TEST(Dependencies, BothEndsMustBeThere) {
  BoardOnDisk board;
  const auto a = board.create("a");
  EXPECT_EQ(linked(board, a.id, TaskId("nobody")).error().code, Errc::kNotFound);
  EXPECT_EQ(linked(board, TaskId("nobody"), a.id).error().code, Errc::kNotFound);
}

TEST(CancelDependents, CancelsWhatHasNotBegun) {
  BoardOnDisk board;
  const auto root = board.create("root");
  const auto near = board.create("near");
  const auto far = board.create("far", {.status = TaskStatus::kBacklog});
  const auto working = board.create("working");
  ASSERT_TRUE(
      board.write([&](store::Tx& tx) { return claim(tx, {.task_id = working.id, .assignee_agent_id = "ada"}); }));
  for (const auto& [task, on] : {std::pair{near.id, root.id}, {far.id, near.id}, {working.id, root.id}}) {
    ASSERT_TRUE(linked(board, task, on));
  }
  const auto cancelled = board.write([&](store::Tx& tx) { return cancel_dependents(tx, root.id); });
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->size(), 2U);
  EXPECT_EQ(board.task(near.id).status, TaskStatus::kCancelled);
  EXPECT_EQ(board.task(far.id).status, TaskStatus::kCancelled);
  EXPECT_EQ(board.task(working.id).status, TaskStatus::kInProgress);
  EXPECT_EQ(board.task(root.id).status, TaskStatus::kTodo);
}

}  // namespace
}  // namespace baton::board
