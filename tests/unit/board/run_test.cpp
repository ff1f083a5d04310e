#include "board/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/edit.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using store::ExecutionStatus;
using store::TaskStatus;
using test::BoardOnDisk;

Result<BegunRun> begun(BoardOnDisk& board, const TaskId& task, const std::string& agent = "ada") {
  const RunClaim claim{task, agent, "codex", "run"};
  return board.write([&](store::Tx& tx) { return begin_run(tx, claim); });
}

Result<Settled> ended(BoardOnDisk& board, const Lease& lease, const Settlement& settlement,
                      ExecutionStatus status = ExecutionStatus::kSucceeded) {
  const ExecutionEnd end{.status = status};
  return board.write([&](store::Tx& tx) { return end_run(tx, lease, end, settlement); });
}

store::Execution only_execution(BoardOnDisk& board, const TaskId& task) {
  const auto rows = board.read([&](const store::View& view) { return executions_of(view, task); });
  require(rows && rows->size() == 1, "not one execution");
  return rows->front();
}

void release(BoardOnDisk& board, const TaskId& task) {
  const TaskEdit edit{.task_id = task, .status = TaskStatus::kTodo};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, edit); }));
}

TEST(Run, BeginsWithClaimAndExecutionTogether) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto run = begun(board, task.id);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->task.status, TaskStatus::kInProgress);
  EXPECT_EQ(run->lease.fence, run->task.fence);
  const auto row = only_execution(board, task.id);
  EXPECT_EQ(row.status, ExecutionStatus::kRunning);
  EXPECT_EQ(row.lease_fence, run->lease.fence);
  EXPECT_THAT(board.events_of(task.id), testing::ElementsAre("task_created", "task_claimed", "execution_started"));
}

TEST(Run, OfATaskThatIsTakenLeavesNoExecution) {
  BoardOnDisk board;
  const auto task = board.create("work");
  ASSERT_TRUE(begun(board, task.id));
  EXPECT_EQ(begun(board, task.id, "bob").error().reason, "claimed");
  only_execution(board, task.id);
}

TEST(Run, TooDeepIsRefused) {
  BoardOnDisk board;
  auto parent = board.create("0");
  for (int depth = 1; depth <= 2; ++depth) parent = board.create("deeper", {.parent_task_id = parent.id});
  EXPECT_TRUE(begun(board, parent.id));
  const auto fourth = board.create("too deep", {.parent_task_id = parent.id});
  EXPECT_EQ(begun(board, fourth.id).error().reason, "too_deep");
}

TEST(Run, PausedTaskIsFreeForTheNext) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto run = begun(board, task.id);
  const auto settled = ended(board, run->lease, {.after = AfterWork::kRelease});
  ASSERT_TRUE(settled);
  EXPECT_FALSE(settled->late);
  EXPECT_EQ(settled->task.status, TaskStatus::kTodo);
  EXPECT_TRUE(begun(board, task.id, "bob"));
}

TEST(Run, VerdictAndMoveAreOneStep) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto run = begun(board, task.id);
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return begin_review(tx, task.id, run->lease.fence); }));
  const Settlement passed{.after = AfterWork::kDone,
                          .verification = R"({"status":"pass"})",
                          .comments = {{.task_id = {}, .body = "it works"}}};
  const auto settled = ended(board, run->lease, passed);
  ASSERT_TRUE(settled);
  EXPECT_EQ(settled->task.status, TaskStatus::kDone);
  EXPECT_EQ(settled->task.verification, R"({"status":"pass"})");
  EXPECT_EQ(only_execution(board, task.id).status, ExecutionStatus::kSucceeded);
}

TEST(Run, TheLogHoldsTheLastAttemptOnly) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto run = begun(board, task.id);
  const std::string verdict = R"({"status":"fail","attempts":[{"attempt":1},{"attempt":2}],"debtNotes":[]})";
  ASSERT_TRUE(ended(board, run->lease, {.after = AfterWork::kFix, .verification = verdict}));
  EXPECT_EQ(board.task(task.id).verification, verdict);
  const auto logged = board.read([&](const store::View& view) -> Result<std::vector<store::Event>> {
    store::EventFilter filter;
    filter.kinds = {"verification"};
    return view.events.after(0, filter, 10);
  });
  ASSERT_TRUE(logged);
  ASSERT_EQ(logged->size(), 1U);
  EXPECT_THAT(logged->front().data, testing::HasSubstr(R"("verdict":{"status":"fail","attempts":[{"attempt":2}]})"));
}

TEST(Run, AFixKeepsTheOwnerAndBeginsInTheSameStep) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto run = begun(board, task.id);
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return begin_review(tx, task.id, run->lease.fence); }));
  const Settlement failed{.after = AfterWork::kFix, .verification = R"({"status":"fail"})"};
  const ExecutionEnd end{.status = ExecutionStatus::kSucceeded};
  const RunClaim again{task.id, "ada", "codex", "verify-fix"};
  const auto settled = board.write([&](store::Tx& tx) { return end_run(tx, run->lease, end, failed, again); });
  ASSERT_TRUE(settled) << settled.error().what;
  ASSERT_TRUE(settled->next);
  EXPECT_EQ(settled->next->lease.fence, run->lease.fence);
  EXPECT_NE(settled->next->lease.execution_id, run->lease.execution_id);
  EXPECT_EQ(settled->next->execution.run_reason, "verify-fix");
  EXPECT_EQ(board.write([](store::Tx& tx) { return recover_runs(tx); })->size(), 1U)
      << "a daemon that dies here is recovered";
  EXPECT_EQ(board.task(task.id).status, TaskStatus::kTodo);
}

TEST(Run, ItsEndTellsThePeakOfItsMemoryWhereItIsKnown) {
  for (const std::optional<std::int64_t> peak :
       {std::optional<std::int64_t>(1'048'576), std::optional<std::int64_t>()}) {
    BoardOnDisk board;
    const auto task = board.create("work");
    const auto run = begun(board, task.id);
    const ExecutionEnd end{.status = ExecutionStatus::kSucceeded, .memory_peak = peak};
    ASSERT_TRUE(board.write([&](store::Tx& tx) { return end_run(tx, run->lease, end, {}); }));
    std::string told;
    for (const auto& event : board.story_of(task.id))
      if (event.kind == "execution_completed") told = event.data;
    EXPECT_EQ(told.find(R"("memoryPeakBytes":1048576)") != std::string::npos, peak.has_value()) << told;
  }
}

TEST(Run, OneThatLeftSomethingUndeadIsRecoveredAsBlocked) {
  BoardOnDisk board;
  const auto stuck = board.create("stuck"), free = board.create("free");
  const auto run = begun(board, stuck.id);
  ASSERT_TRUE(begun(board, free.id));
  const Undead undead{{stuck.id, "process 7 cannot be ended"}};
  const auto recovered = board.write([&](store::Tx& tx) { return recover_runs(tx, undead); });
  ASSERT_EQ(recovered->size(), 2U);
  for (const auto& one : *recovered) EXPECT_EQ(one.released, one.task_id == free.id);
  EXPECT_EQ(board.task(free.id).status, TaskStatus::kTodo);
  EXPECT_EQ(board.task(stuck.id).status, TaskStatus::kBlocked);
  EXPECT_EQ(board.story_of(stuck.id).back().kind, "status_changed");
  EXPECT_THAT(board.story_of(stuck.id).back().data, testing::HasSubstr("undead_worker: process 7"));
  EXPECT_TRUE(board.write([&](store::Tx& tx) { return recover_runs(tx, undead); })->empty()) << "once is enough";
}

TEST(Run, RecoveryBlocksWhateverHasSomethingUndead) {
  BoardOnDisk board;
  const auto free = board.create("free"), running = board.create("running"), over = board.create("over");
  ASSERT_TRUE(begun(board, running.id));
  release(board, running.id);
  const auto cancel = [&](store::Tx& tx) {
    return edit_task(tx, {.task_id = over.id, .status = TaskStatus::kCancelled});
  };
  ASSERT_TRUE(board.write(cancel));
  const Undead undead{{free.id, "process 7"}, {running.id, "process 8"}, {over.id, "process 9"}, {TaskId("x"), "10"}};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return recover_runs(tx, undead); }));
  EXPECT_EQ(board.task(free.id).status, TaskStatus::kBlocked);
  EXPECT_EQ(board.task(running.id).status, TaskStatus::kBlocked);
  EXPECT_EQ(board.task(over.id).status, TaskStatus::kCancelled);
  EXPECT_THAT(board.story_of(free.id).back().data, testing::HasSubstr("undead_worker: process 7"));
}

TEST(Run, WhatItLeftUndeadBlocksItsTaskAndKeepsWhatWasSaid) {
  Settlement done{.after = AfterWork::kDone, .verification = R"({"status":"pass"})", .archive_workspace = true};
  done.comments.push_back({.task_id = {}, .body = "it works", .author_type = "agent"});
  const auto blocked = blocked_by_undead("process 7 cannot be ended", done);
  EXPECT_EQ(blocked.after, AfterWork::kBlock);
  EXPECT_EQ(blocked.verification, done.verification);
  EXPECT_FALSE(blocked.archive_workspace);
  ASSERT_EQ(blocked.comments.size(), 2U);
  EXPECT_EQ(blocked.comments[0].body, "it works");
  EXPECT_THAT(blocked.comments[1].body, testing::HasSubstr("process 7"));
}

TEST(Run, NothingGoesOnWhenTheTaskIsNotOursAnyMore) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto run = begun(board, task.id);
  release(board, task.id);
  const ExecutionEnd end{.status = ExecutionStatus::kSucceeded};
  const RunClaim again{task.id, "ada", "codex", "verify-fix"};
  const auto settled =
      board.write([&](store::Tx& tx) { return end_run(tx, run->lease, end, {.after = AfterWork::kFix}, again); });
  ASSERT_TRUE(settled);
  EXPECT_TRUE(settled->late);
  EXPECT_FALSE(settled->next);
}

TEST(Run, ALateResultLeavesTheNewOwnerAlone) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto run = begun(board, task.id);
  release(board, task.id);
  const auto second = begun(board, task.id, "bob");
  const auto settled = ended(board, run->lease, {.after = AfterWork::kDone});
  ASSERT_TRUE(settled);
  EXPECT_TRUE(settled->late);
  const auto now = board.task(task.id);
  EXPECT_EQ(now.status, TaskStatus::kInProgress);
  EXPECT_EQ(now.assignee_agent_id, "bob");
  EXPECT_EQ(now.fence, second->lease.fence);
  EXPECT_EQ(board.write([&](store::Tx& tx) { return begin_review(tx, task.id, run->lease.fence); }).error().reason,
            "stale_fence");
  const auto rows = board.read([&](const store::View& view) { return executions_of(view, task.id); });
  EXPECT_EQ(rows->front().status, ExecutionStatus::kSucceeded) << "the result itself is kept";
}

TEST(Run, WhatALateRunReportsIsItsOwn) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto run = begun(board, task.id);
  release(board, task.id);
  const RunClaim by_bob{task.id, "bob", "hermes", "run"};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return begin_run(tx, by_bob); }));
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return note_run_event(tx, run->lease, "tool_call", "{}"); }));
  ASSERT_TRUE(ended(board, run->lease, {}));
  int reported = 0;
  for (const auto& event : board.story_of(task.id)) {
    if (event.kind != "tool_call" && event.kind != "execution_completed") continue;
    ++reported;
    EXPECT_EQ(event.agent_id, "ada") << event.kind;
    EXPECT_EQ(event.runtime, "codex") << event.kind;
  }
  EXPECT_EQ(reported, 2);
}

TEST(Run, HasNoLease) {
  BoardOnDisk board;
  const auto task = board.create("work");
  EXPECT_EQ(begun(board, task.id)->task.lease_ms, std::nullopt);
}

TEST(Run, GetsNoLeaseByHandEither) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto run = begun(board, task.id);
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return begin_review(tx, task.id, run->lease.fence); }));
  const TaskEdit back{.task_id = task.id, .status = TaskStatus::kInProgress, .lease_ms = 1000};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, back); }));
  EXPECT_EQ(board.task(task.id).lease_ms, std::nullopt);
}

TEST(Run, BeginsOnceUnderAKey) {
  BoardOnDisk board;
  const auto task = board.create("work");
  RunClaim request{task.id, "ada", "codex", "run", OnceKey{"key", "digest"}};
  const auto begin = [&] { return board.write([&](store::Tx& tx) { return begin_run(tx, request); }); };
  const auto run = begin();
  ASSERT_TRUE(run);
  ASSERT_TRUE(ended(board, run->lease, {.after = AfterWork::kRelease}));
  EXPECT_EQ(begin().error().reason, "idempotency_key_in_use") << "though the task is free";
  request.once->request = "another";
  EXPECT_EQ(begin().error().reason, "idempotency_key_reused");
  EXPECT_EQ(board.task(task.id).status, TaskStatus::kTodo);
}

TEST(Run, ThatIsRefusedLeavesItsKeyFree) {
  BoardOnDisk board;
  const auto task = board.create("work", {.status = TaskStatus::kBacklog});
  const OnceKey key{"key", "digest"};
  const RunClaim request{task.id, "ada", "codex", "run", key};
  EXPECT_EQ(board.write([&](store::Tx& tx) { return begin_run(tx, request); }).error().reason, "status");
  EXPECT_EQ(board.read([&](const store::View& view) { return look_up(view, key); })->state, OnceState::kNew);
}

TEST(Run, ClientsCannotCloseARunOfTheDaemon) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto run = begun(board, task.id);
  const ExecutionEnd end{.status = ExecutionStatus::kCancelled};
  const auto closed = board.write([&](store::Tx& tx) { return close_execution(tx, run->lease.execution_id, end); });
  EXPECT_EQ(closed.error().reason, "owned_by_daemon");
}

TEST(Recovery, FreesWhatADeadDaemonHeld) {
  BoardOnDisk board;
  const auto working = board.create("working");
  const auto reviewed = board.create("reviewed");
  const auto idle = board.create("idle");
  ASSERT_TRUE(begun(board, working.id));
  const auto run = begun(board, reviewed.id);
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return begin_review(tx, reviewed.id, run->lease.fence); }));
  const auto recovered = board.write([](store::Tx& tx) { return recover_runs(tx); });
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->size(), 2U);
  for (const auto& task : {working, reviewed}) {
    EXPECT_EQ(board.task(task.id).status, TaskStatus::kTodo);
    EXPECT_EQ(board.task(task.id).assignee_agent_id, std::nullopt);
    const auto row = only_execution(board, task.id);
    EXPECT_EQ(row.status, ExecutionStatus::kFailed);
    EXPECT_TRUE(row.recovery_tombstone);
  }
  EXPECT_EQ(board.task(idle.id).updated_at, idle.updated_at);
  EXPECT_TRUE(board.write([](store::Tx& tx) { return recover_runs(tx); })->empty()) << "once is enough";
}

TEST(Recovery, OfAThousandIsOneStepAndEachIsTold) {
  constexpr int kOrphans = 1000;
  BoardOnDisk board;
  ASSERT_TRUE(board.write([](store::Tx& tx) -> Result<Unit> {
    for (int i = 0; i < kOrphans; ++i) {
      const auto task = create_task(tx, {.title = "work", .team_id = "red"});
      if (auto run = begin_run(tx, {task->id, "ada", "codex", "run"}); !run) return fail(run);
      if (auto idle = create_task(tx, {.title = "idle"}); !idle) return fail(idle);
    }
    return Unit{};
  }));
  const auto recovered = board.write([](store::Tx& tx) { return recover_runs(tx); });
  ASSERT_TRUE(recovered);
  ASSERT_EQ(recovered->size(), static_cast<std::size_t>(kOrphans));
  for (const auto& run : *recovered) {
    ASSERT_TRUE(run.released);
    const auto story = board.story_of(run.task_id);
    ASSERT_EQ(story.size(), 5U);
    EXPECT_EQ(story[3].kind, "execution_completed");
    EXPECT_EQ(story[3].agent_id, "ada");
    EXPECT_EQ(story[4].kind, "status_changed");
  }
  const auto told = board.read([](const store::View& view) -> Result<std::vector<store::Post>> {
    return view.posts.after("team:red", kOrphans, kOrphans + 1);
  });
  EXPECT_EQ(told->size(), static_cast<std::size_t>(kOrphans));
}

TEST(Recovery, LeavesATaskAloneThatSomebodyMoved) {
  BoardOnDisk board;
  const auto task = board.create("working");
  ASSERT_TRUE(begun(board, task.id));
  const TaskEdit block{.task_id = task.id, .status = TaskStatus::kBlocked};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, block); }));
  const auto recovered = board.write([](store::Tx& tx) { return recover_runs(tx); });
  ASSERT_EQ(recovered->size(), 1U);
  EXPECT_FALSE(recovered->front().released);
  EXPECT_EQ(board.task(task.id).status, TaskStatus::kBlocked);
}

}  // namespace
}  // namespace baton::board
