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

Result<bool> unlinked(BoardOnDisk& board, const TaskId& task, const TaskId& on) {
  return board.write([&](store::Tx& tx) { return unlink(tx, {task, on}); });
}

TEST(Dependencies, UnlinkingTheLastOneMakesATaskReady) {
  BoardOnDisk board;
  const auto a = board.create("a");
  const auto b = board.create("b");
  const auto c = board.create("c");
  ASSERT_TRUE(linked(board, c.id, a.id));
  ASSERT_TRUE(linked(board, c.id, b.id));
  EXPECT_EQ(unlinked(board, c.id, a.id), true);
  EXPECT_EQ(board.task(c.id).unmet_blockers, 1);
  EXPECT_EQ(board.events_of(c.id).back(), "dep_unlinked");
  EXPECT_EQ(unlinked(board, c.id, b.id), true);
  EXPECT_THAT(ready(board), testing::ElementsAre(a.id, b.id, c.id));
  EXPECT_EQ(board.events_of(c.id).back(), "task_ready");
}

TEST(Dependencies, UnlinkingWhatIsNotLinkedChangesNothing) {
  BoardOnDisk board;
  const auto a = board.create("a");
  const auto b = board.create("b");
  EXPECT_EQ(unlinked(board, b.id, a.id), false);
  EXPECT_EQ(unlinked(board, b.id, TaskId("nobody")).error().code, Errc::kNotFound);
  EXPECT_EQ(unlinked(board, TaskId("nobody"), a.id).error().code, Errc::kNotFound);
  EXPECT_THAT(board.events_of(b.id), testing::ElementsAre("task_created"));
}

TEST(Dependencies, UnlinkingADoneBlockerDoesNotCountTwice) {
  BoardOnDisk board;
  const auto a = board.create("a");
  const auto b = board.create("b");
  ASSERT_TRUE(linked(board, b.id, a.id));
  finish(board, a.id);
  EXPECT_EQ(unlinked(board, b.id, a.id), true);
  EXPECT_EQ(board.task(b.id).unmet_blockers, 0);
}

TEST(Dependencies, AreListedInBothDirections) {
  BoardOnDisk board;
  const auto a = board.create("a");
  const auto b = board.create("b");
  ASSERT_TRUE(linked(board, b.id, a.id));
  const auto of = [&](const TaskId& id) {
    return board.read([&](const store::View& view) { return links_of(view, id); });
  };
  EXPECT_THAT(of(a.id)->dependents, testing::ElementsAre(b.id));
  EXPECT_THAT(of(a.id)->depends_on, testing::IsEmpty());
  EXPECT_THAT(of(b.id)->depends_on, testing::ElementsAre(a.id));
  EXPECT_EQ(of(TaskId("nobody")).error().code, Errc::kNotFound);
}

TEST(Dependencies, ACancelledBlockerIsToldAndDoesNotUnblock) {
  BoardOnDisk board;
  const auto a = board.create("a");
  const auto b = board.create("b");
  const auto ended = board.create("ended", {.status = TaskStatus::kDone});
  ASSERT_TRUE(linked(board, b.id, a.id));
  ASSERT_TRUE(linked(board, ended.id, a.id));
  const TaskEdit cancel{.task_id = a.id, .status = TaskStatus::kCancelled};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, cancel); }));
  EXPECT_EQ(board.task(b.id).unmet_blockers, 1);
  EXPECT_EQ(board.events_of(b.id).back(), "dep_cancelled");
  EXPECT_THAT(board.events_of(ended.id), testing::Not(testing::Contains("dep_cancelled")));
}

TEST(Dependencies, AWaitWithoutEndIsToldAtTheLink) {
  BoardOnDisk board;
  const auto a = board.create("a", {.status = TaskStatus::kCancelled});
  const auto b = board.create("b");
  ASSERT_TRUE(linked(board, b.id, a.id));
  EXPECT_THAT(board.events_of(b.id), testing::ElementsAre("task_created", "dep_linked", "dep_cancelled"));
}

TEST(CancelDependents, TellsOnlyThoseThatGoOnWaiting) {
  BoardOnDisk board;
  const auto root = board.create("root");
  const auto near = board.create("near");
  const auto far = board.create("far");
  const auto working = board.create("working");
  ASSERT_TRUE(
      board.write([&](store::Tx& tx) { return claim(tx, {.task_id = working.id, .assignee_agent_id = "ada"}); }));
  for (const auto& [task, on] : {std::pair{near.id, root.id}, {far.id, near.id}, {working.id, near.id}}) {
    ASSERT_TRUE(linked(board, task, on));
  }
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return cancel_dependents(tx, root.id); }));
  EXPECT_EQ(board.events_of(far.id).back(), "status_changed");
  EXPECT_EQ(board.events_of(working.id).back(), "dep_cancelled");
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
