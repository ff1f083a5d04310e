#include "board/lease.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "board/comment.hpp"
#include "board/edit.hpp"
#include "board/judgement.hpp"
#include "board/own.hpp"
#include "board/run.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using store::ExecutionStatus;
using store::TaskStatus;
using test::BoardOnDisk;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kUsual = 60'000;  // the board's own lease, and how old the log is when the sweep reads it

SweptTasks swept(BoardOnDisk& board, std::size_t limit = 256) {
  auto done = board.write([&](store::Tx& tx) { return sweep_stale(tx, {.stale_after_ms = kUsual, .limit = limit}); });
  require(done.has_value(), "the sweep failed");
  return *std::move(done);
}

store::Task claimed(BoardOnDisk& board, std::optional<std::int64_t> lease_ms = kUsual, bool own = false) {
  const auto task = board.create("work", {.team_id = "red"});
  const ClaimRequest request{.task_id = task.id, .assignee_agent_id = "ada", .lease_ms = lease_ms, .own_lease = own};
  auto won = board.write([&](store::Tx& tx) { return claim(tx, request); });
  require(won.has_value(), "not claimed");
  return *std::move(won);
}

Result<store::Task> beaten(BoardOnDisk& board, const Heartbeat& request) {
  return board.write([&](store::Tx& tx) { return heartbeat(tx, request); });
}

void move(BoardOnDisk& board, const TaskId& id, TaskStatus to) {
  const TaskEdit edit{.task_id = id, .status = to};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, edit); }));
}

std::int64_t last_seq(BoardOnDisk& board) {
  return *board.read([](const store::View& view) -> Result<std::int64_t> { return view.events.last_seq(); });
}

std::int64_t mark(BoardOnDisk& board) {
  return *board.read([](const store::View& view) -> Result<std::int64_t> { return swept_up_to(view); });
}

TEST(Heartbeat, IsASignOfLifeAndNoEvent) {
  BoardOnDisk board;
  const auto task = claimed(board);
  board.clock().step(kUsual - 1);
  ASSERT_TRUE(beaten(board, {.task_id = task.id, .fence = task.fence}));
  EXPECT_EQ(board.task(task.id).updated_at, board.clock().unix_ms());
  EXPECT_THAT(board.events_of(task.id), ElementsAre("task_created", "task_claimed"));
  board.clock().step(kUsual - 1);
  EXPECT_THAT(swept(board).released, IsEmpty());
  board.clock().step(1);
  EXPECT_THAT(swept(board).released, ElementsAre(task.id));
}

TEST(Heartbeat, MaySetTheLease) {
  BoardOnDisk board;
  const auto task = claimed(board);
  ASSERT_TRUE(beaten(board, {.task_id = task.id, .lease_ms = 1000}));
  EXPECT_EQ(board.task(task.id).lease_check_at, board.clock().unix_ms() + 1000);
  board.clock().step(1000);
  EXPECT_THAT(swept(board).released, ElementsAre(task.id));
}

TEST(Heartbeat, SaysWhyNot) {
  BoardOnDisk board;
  const auto task = claimed(board);
  EXPECT_EQ(beaten(board, {.task_id = task.id, .fence = 0}).error().reason, "stale_fence");
  EXPECT_EQ(beaten(board, {.task_id = board.create("free").id}).error().reason, "not_claimed");
  EXPECT_EQ(beaten(board, {.task_id = TaskId("nobody")}).error().code, Errc::kNotFound);
  move(board, task.id, TaskStatus::kBlocked);
  EXPECT_EQ(beaten(board, {.task_id = task.id}).error().reason, "status");
}

TEST(Heartbeat, GivesARunOfTheDaemonNoLease) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const RunClaim request{task.id, "ada", "codex", "run"};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return begin_run(tx, request); }));
  ASSERT_TRUE(beaten(board, {.task_id = task.id, .lease_ms = 1000}));
  EXPECT_EQ(board.task(task.id).lease_ms, std::nullopt);
}

TEST(Lease, EndsAfterTheLastSignOfLife) {
  BoardOnDisk board;
  const auto task = claimed(board);
  EXPECT_EQ(lease_expires_at(board.task(task.id)), board.clock().unix_ms() + kUsual);
  move(board, task.id, TaskStatus::kInReview);
  EXPECT_EQ(lease_expires_at(board.task(task.id)), std::nullopt) << "nobody works, nobody can be silent";
  EXPECT_EQ(lease_expires_at(board.create("free")), std::nullopt);
}

TEST(StaleSweep, TakesASilentOwnersTaskBack) {
  BoardOnDisk board;
  const auto task = claimed(board);
  board.clock().step(kUsual - 1);
  EXPECT_THAT(swept(board).released, IsEmpty());
  board.clock().step(1);
  EXPECT_THAT(swept(board).released, ElementsAre(task.id));
  const auto free = board.task(task.id);
  EXPECT_EQ(free.status, TaskStatus::kTodo);
  EXPECT_EQ(free.assignee_agent_id, std::nullopt);
  EXPECT_EQ(free.fence, task.fence + 1);
  EXPECT_EQ(free.lease_ms, std::nullopt);
  const auto last = board.story_of(task.id).back();
  EXPECT_EQ(last.agent_id, "ada");
  EXPECT_EQ(last.data,
            R"({"from":"in_progress","to":"todo","reason":"stale: no sign of life since 2023-11-14T22:13:20.000Z"})");
  const auto room = board.read(
      [](const store::View& view) -> Result<std::vector<store::Post>> { return view.posts.after("team:red", 0, 10); });
  EXPECT_THAT(room->back().body, testing::HasSubstr("no sign of life"));
  EXPECT_THAT(swept(board).released, IsEmpty()) << "once is enough";
}

TEST(StaleSweep, TimesOutWhatClientsLeftRunning) {
  BoardOnDisk board;
  const auto task = claimed(board);
  const auto opened =
      board.write([&](store::Tx& tx) { return open_execution(tx, {.task_id = task.id, .executor_type = "mine"}); });
  board.clock().step(kUsual);
  EXPECT_THAT(swept(board).released, ElementsAre(task.id));
  const auto rows = board.read([&](const store::View& view) { return executions_of(view, task.id); });
  EXPECT_EQ(rows->front().status, ExecutionStatus::kTimedOut);
  EXPECT_EQ(rows->front().error, "stale: no heartbeat within the watchdog window");
  EXPECT_FALSE(rows->front().recovery_tombstone);
  EXPECT_THAT(board.events_of(task.id), ElementsAre("task_created", "task_claimed", "execution_started",
                                                    "execution_completed", "status_changed"));
  EXPECT_EQ(board.story_of(task.id)[3].agent_id, "ada");
}

// A task in review, and what a client says it runs for it.
TaskId reviewed_by_a_client(BoardOnDisk& board) {
  const auto task = claimed(board);
  EXPECT_TRUE(
      board.write([&](store::Tx& tx) { return open_execution(tx, {.task_id = task.id, .executor_type = "mine"}); }));
  move(board, task.id, TaskStatus::kInReview);
  return task.id;
}

ExecutionStatus only_execution(BoardOnDisk& board, const TaskId& task) {
  const auto rows = board.read([&](const store::View& view) { return executions_of(view, task); });
  require(rows && rows->size() == 1, "not one execution");
  return rows->front().status;
}

TEST(StaleSweep, LeavesNoExecutionRunningBesideAReview) {
  BoardOnDisk board;
  const auto task = reviewed_by_a_client(board);
  board.clock().step(kUsual - 1);
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return add_comment(tx, {.task_id = task, .body = "on it"}); }));
  board.clock().step(1);
  swept(board);
  EXPECT_EQ(only_execution(board, task), ExecutionStatus::kRunning) << "it shows signs of life";
  board.clock().step(kUsual - 1);
  EXPECT_THAT(swept(board).released, IsEmpty());
  EXPECT_EQ(only_execution(board, task), ExecutionStatus::kTimedOut);
  EXPECT_EQ(board.task(task).status, TaskStatus::kInReview) << "what was handed in waits for a person";
  EXPECT_EQ(board.task(task).assignee_agent_id, "ada");
  EXPECT_EQ(board.task(task).lease_check_at, std::nullopt);
}

TEST(StaleSweep, AfterAStartFreesAReviewWhoseClientIsGone) {
  BoardOnDisk board;
  const auto task = reviewed_by_a_client(board);
  const auto waiting = claimed(board);
  move(board, waiting.id, TaskStatus::kInReview);
  board.clock().step(kUsual);
  const StaleSweep first{.stale_after_ms = kUsual, .after_start = true};
  const auto done = board.write([&](store::Tx& tx) { return sweep_stale(tx, first); });
  ASSERT_TRUE(done);
  EXPECT_THAT(done->released, ElementsAre(task));
  EXPECT_EQ(only_execution(board, task), ExecutionStatus::kTimedOut);
  EXPECT_EQ(board.task(task).status, TaskStatus::kTodo);
  EXPECT_EQ(board.task(task).assignee_agent_id, std::nullopt);
  EXPECT_EQ(board.task(waiting.id).status, TaskStatus::kInReview) << "nobody said that they were at work";
}

TEST(StaleSweep, WaitsForAJudgementThatGoesOn) {
  BoardOnDisk board;
  const auto task = claimed(board);
  ASSERT_TRUE(
      board.write([&](store::Tx& tx) { return open_execution(tx, {.task_id = task.id, .executor_type = "mine"}); }));
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return begin_judgement(tx, task.id, task.fence); }));
  board.clock().step(2 * kUsual);
  swept(board);
  EXPECT_EQ(only_execution(board, task.id), ExecutionStatus::kRunning);
  const Settlement back{.after = AfterWork::kFix};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return end_judgement(tx, task.id, task.fence, back); }));
  board.clock().step(kUsual);
  EXPECT_THAT(swept(board).released, ElementsAre(task.id));
}

TEST(StaleSweep, LeavesNoExecutionRunningOnAFreeTask) {
  BoardOnDisk board;
  const auto task = board.create("free");
  ASSERT_TRUE(
      board.write([&](store::Tx& tx) { return open_execution(tx, {.task_id = task.id, .executor_type = "mine"}); }));
  board.clock().step(kUsual);
  EXPECT_THAT(swept(board).released, IsEmpty());
  EXPECT_EQ(only_execution(board, task.id), ExecutionStatus::kTimedOut);
  EXPECT_EQ(board.task(task.id).fence, task.fence);
}

TEST(StaleSweep, EveryChangeAndEventIsASignOfLife) {
  BoardOnDisk board;
  const auto task = claimed(board);
  board.clock().step(kUsual - 1);
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return add_comment(tx, {.task_id = task.id, .body = "on it"}); }));
  board.clock().step(kUsual - 1);
  EXPECT_THAT(swept(board).released, IsEmpty());
  EXPECT_EQ(board.task(task.id).lease_check_at, board.clock().unix_ms() + 1) << "from now on it is tracked";
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, {.task_id = task.id, .title = "better"}); }));
  board.clock().step(kUsual - 1);
  EXPECT_THAT(swept(board).released, IsEmpty());
  board.clock().step(1);
  EXPECT_THAT(swept(board).released, ElementsAre(task.id));
}

TEST(StaleSweep, AnOwnLeaseIsKeptToTheMillisecond) {
  BoardOnDisk board;
  const auto brief = claimed(board, 1000, true);
  const auto patient = claimed(board, 10 * kUsual, true);
  board.clock().step(999);
  EXPECT_THAT(swept(board).released, IsEmpty());
  board.clock().step(1);
  EXPECT_THAT(swept(board).released, ElementsAre(brief.id));
  board.clock().step(10 * kUsual - 1001);
  EXPECT_THAT(swept(board).released, IsEmpty());
  board.clock().step(1);
  EXPECT_THAT(swept(board).released, ElementsAre(patient.id));
}

TEST(StaleSweep, WhatWasPassedOnIsWatchedToo) {
  BoardOnDisk board;
  const auto task = claimed(board);
  board.clock().step(kUsual / 2);
  ASSERT_TRUE(beaten(board, {.task_id = task.id}));
  board.clock().step(kUsual / 2);
  EXPECT_THAT(swept(board).released, IsEmpty()) << "the claim is passed now";
  const Assignment handover{.task_id = task.id, .assignee_agent_id = "bob", .fence = task.fence, .lease_ms = kUsual};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return assign(tx, handover); }));
  board.clock().step(kUsual - 1);
  EXPECT_THAT(swept(board).released, IsEmpty());
  board.clock().step(1);
  EXPECT_THAT(swept(board).released, ElementsAre(task.id));
}

TEST(StaleSweep, WorkThatWasTakenUpAgainIsWatchedAgain) {
  BoardOnDisk board;
  const auto task = claimed(board, 1000, true);
  move(board, task.id, TaskStatus::kBlocked);
  board.clock().step(10 * kUsual);
  EXPECT_THAT(swept(board).released, IsEmpty()) << "a wait is not silence";
  EXPECT_EQ(board.task(task.id).lease_check_at, std::nullopt);
  move(board, task.id, TaskStatus::kInProgress);
  board.clock().step(1000);
  EXPECT_THAT(swept(board).released, ElementsAre(task.id));
}

TEST(StaleSweep, NeverTakesARunOfTheDaemon) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const RunClaim request{task.id, "ada", "codex", "run"};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return begin_run(tx, request); }));
  ASSERT_TRUE(board.write([&](store::Tx& tx) -> Result<Unit> {  // as if a lease had come to it all the same
    auto row = *tx.tasks.find(task.id);
    row.lease_ms = row.lease_check_at = 1;
    tx.tasks.save(row);
    return Unit{};
  }));
  board.clock().step(100 * kUsual);
  EXPECT_THAT(swept(board).released, IsEmpty());
  EXPECT_EQ(board.task(task.id).status, TaskStatus::kInProgress);
  EXPECT_EQ(board.task(task.id).lease_check_at, std::nullopt) << "and does not look again and again";
}

TEST(StaleSweep, LeavesAnOwnerWithoutALeaseAlone) {
  BoardOnDisk board;
  const auto task = claimed(board, std::nullopt);
  board.clock().step(100 * kUsual);
  EXPECT_THAT(swept(board).released, IsEmpty());
}

TEST(StaleSweep, FollowsTheLogAtADistanceAndWritesNothingWhenNothingIsDue) {
  BoardOnDisk board;
  claimed(board, std::nullopt);
  const auto end = last_seq(board);
  swept(board);
  EXPECT_EQ(mark(board), 0) << "events are too young";
  board.clock().step(kUsual);
  swept(board);
  EXPECT_EQ(mark(board), end);
  board.create("later");
  swept(board);
  EXPECT_EQ(mark(board), end);
  EXPECT_EQ(last_seq(board), end + 1) << "a sweep that releases nothing tells nothing";
}

TEST(StaleSweep, ComesToTheEndInBoundedPieces) {
  BoardOnDisk board;
  std::vector<TaskId> tasks;
  for (int i = 0; i < 7; ++i) tasks.push_back(claimed(board, i % 2 == 0 ? kUsual : 1000, i % 2 != 0).id);
  board.clock().step(kUsual);
  std::vector<TaskId> released;
  int pieces = 0;
  for (bool more = true; more; ++pieces) {
    auto piece = swept(board, 2);
    EXPECT_LE(piece.released.size(), 4U) << "two by the log, two by their own lease";
    released.insert(released.end(), piece.released.begin(), piece.released.end());
    more = piece.more;
  }
  EXPECT_THAT(released, testing::UnorderedElementsAreArray(tasks));
  EXPECT_GT(pieces, 3);
}

TEST(StaleSweep, SaysThatThereIsMoreToLookAt) {
  BoardOnDisk board;
  for (int i = 0; i < 3; ++i) claimed(board, 1000, true);
  board.clock().step(1000);
  EXPECT_TRUE(swept(board, 2).more);
  EXPECT_FALSE(swept(board, 2).more);
}

TEST(StaleSweep, AClockThatWasSetBackHoldsNothingUp) {
  BoardOnDisk board;
  const auto future = claimed(board);
  const auto own = claimed(board, 1000, true);
  const auto by_hand = board.create("by hand");
  const TaskEdit begin{.task_id = by_hand.id, .status = TaskStatus::kInProgress, .lease_ms = kUsual};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, begin); }));
  board.clock().step(-1000 * kUsual);
  const auto task = claimed(board);
  EXPECT_THAT(swept(board).released, IsEmpty());
  board.clock().step(kUsual);
  const auto first = swept(board).released;
  const auto second = swept(board).released;
  std::vector<TaskId> released = first;
  released.insert(released.end(), second.begin(), second.end());
  EXPECT_THAT(released, testing::UnorderedElementsAre(future.id, own.id, by_hand.id, task.id));
}

TEST(StaleSweep, AClockThatWasSetBackALittleTakesNothingFromTheLiving) {
  BoardOnDisk board;
  const auto task = claimed(board, 1000, true);
  board.clock().step(1020);
  ASSERT_TRUE(beaten(board, {.task_id = task.id}));
  board.clock().step(-10);
  EXPECT_THAT(swept(board).released, IsEmpty());
  EXPECT_EQ(board.task(task.id).status, TaskStatus::kInProgress);
}

}  // namespace
}  // namespace baton::board
