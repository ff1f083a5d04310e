#include "board/why.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "board/dependency.hpp"
#include "board/edit.hpp"
#include "board/own.hpp"
#include "board/run.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using store::TaskStatus;
using test::BoardOnDisk;
using testing::HasSubstr;

Explanation explained(BoardOnDisk& board, const TaskId& id) {
  auto about = board.read([&](const store::View& view) { return explain(view, id); });
  require(about.has_value(), "not explained");
  return *std::move(about);
}

void cancel(BoardOnDisk& board, const TaskId& id) {
  const TaskEdit edit{.task_id = id, .status = TaskStatus::kCancelled};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, edit); }));
}

TEST(Explain, AReadyTask) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto about = explained(board, task.id);
  EXPECT_TRUE(about.ready);
  EXPECT_EQ(about.reason, "ready");
  EXPECT_FALSE(about.holder);
  EXPECT_EQ(about.events_head, board.story_of(task.id).back().seq);
}

TEST(Explain, WhoHoldsItSinceAndUntilWhen) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const ClaimRequest request{.task_id = task.id, .assignee_agent_id = "ada", .lease_ms = 5000};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return claim(tx, request); }));
  const auto claimed_at = board.clock().unix_ms();
  board.clock().step(1000);
  const NewComment comment{.task_id = task.id, .body = "still here"};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return add_comment(tx, comment); }));
  const auto about = explained(board, task.id);
  EXPECT_FALSE(about.ready);
  EXPECT_EQ(about.reason, "claimed");
  EXPECT_THAT(about.sentence, HasSubstr("held by 'ada' since 2023-11-14T22:13:20.000Z"));
  ASSERT_TRUE(about.holder);
  EXPECT_EQ(about.holder->agent_id, "ada");
  EXPECT_EQ(about.holder->since, claimed_at);
  EXPECT_EQ(about.holder->until, claimed_at + 1000 + 5000) << "the comment was a sign of life";
  EXPECT_FALSE(about.holder->execution_id);
}

TEST(Explain, NamesTheRunOfThisDaemon) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const RunClaim request{task.id, "ada", "codex", "run"};
  const auto run = board.write([&](store::Tx& tx) { return begin_run(tx, request); });
  const auto about = explained(board, task.id);
  EXPECT_EQ(about.holder->execution_id, run->lease.execution_id);
  EXPECT_EQ(about.holder->until, std::nullopt);
  EXPECT_THAT(about.sentence, HasSubstr(run->lease.execution_id.value));
}

TEST(Explain, WhatItWaitsForAndWhichWaitHasNoEnd) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto slow = board.create("slow");
  const auto dead = board.create("dead");
  const auto gone = board.create("gone");
  const auto done = board.create("done", {.status = TaskStatus::kDone});
  for (const auto& blocker : {slow, dead, gone, done}) {
    ASSERT_TRUE(board.write([&](store::Tx& tx) { return link(tx, {task.id, blocker.id}); }));
  }
  cancel(board, dead.id);
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return drop(tx, {.task_id = gone.id}); }));
  const auto about = explained(board, task.id);
  EXPECT_EQ(about.reason, "dependencies");
  EXPECT_THAT(about.sentence, HasSubstr("3 tasks"));
  EXPECT_THAT(about.sentence, HasSubstr("'dead' (cancelled, so the wait has no end"));
  ASSERT_EQ(about.blocked_by.size(), 3U);
  for (const auto& blocker : about.blocked_by) EXPECT_EQ(blocker.hopeless(), blocker.id != slow.id) << blocker.title;
  const auto read = board.read([&](const store::View& view) { return read_task(view, task.id); });
  EXPECT_EQ(read->blocked_by.size(), 3U);
}

TEST(Explain, AStatusAndADrop) {
  BoardOnDisk board;
  const auto parked = board.create("parked", {.status = TaskStatus::kBacklog});
  EXPECT_EQ(explained(board, parked.id).reason, "status");
  EXPECT_THAT(explained(board, parked.id).sentence, HasSubstr("backlog"));
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return drop(tx, {.task_id = parked.id}); }));
  EXPECT_EQ(explained(board, parked.id).reason, "dropped");
  const auto missing = board.read([](const store::View& view) { return explain(view, TaskId("nobody")); });
  EXPECT_EQ(missing.error().code, Errc::kNotFound);
}

TEST(Explain, AHundredOfManyBlockersAreShown) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto linked = board.write([&](store::Tx& tx) -> Result<Unit> {
    for (int i = 0; i < 150; ++i) {
      const auto blocker = create_task(tx, {.title = "blocker"});
      if (auto done = link(tx, {task.id, blocker->id}); !done) return done;
    }
    return Unit{};
  });
  ASSERT_TRUE(linked);
  const auto about = explained(board, task.id);
  EXPECT_EQ(about.blocked_by.size(), 100U);
  EXPECT_THAT(about.sentence, HasSubstr("150 tasks"));
}

}  // namespace
}  // namespace baton::board
