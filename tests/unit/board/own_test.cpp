#include "board/own.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "board/dependency.hpp"
#include "board/edit.hpp"
#include "board/run.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using store::TaskStatus;
using test::BoardOnDisk;
using testing::ElementsAre;

Result<store::Task> released(BoardOnDisk& board, const Release& request) {
  return board.write([&](store::Tx& tx) { return release(tx, request); });
}
Result<store::Task> assigned(BoardOnDisk& board, const Assignment& request) {
  return board.write([&](store::Tx& tx) { return assign(tx, request); });
}
Result<store::Task> dropped(BoardOnDisk& board, const Drop& request) {
  return board.write([&](store::Tx& tx) { return drop(tx, request); });
}
void move(BoardOnDisk& board, const TaskId& id, TaskStatus to) {
  const TaskEdit edit{.task_id = id, .status = to};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, edit); }));
}

store::Task owned(BoardOnDisk& board, const std::string& title = "work") {
  const auto task = board.create(title);
  const ClaimRequest request{.task_id = task.id, .assignee_agent_id = "ada", .lease_ms = 5000, .own_lease = true};
  auto claimed = board.write([&](store::Tx& tx) { return claim(tx, request); });
  require(claimed.has_value(), "not claimed");
  return *std::move(claimed);
}

TEST(Release, GivesTheTaskBackUnderANewFence) {
  BoardOnDisk board;
  const auto task = owned(board);
  const auto free = released(board, {.task_id = task.id, .fence = task.fence, .reason = "lunch"});
  ASSERT_TRUE(free) << free.error().what;
  EXPECT_EQ(free->status, TaskStatus::kTodo);
  EXPECT_EQ(free->assignee_agent_id, std::nullopt);
  EXPECT_EQ(free->lease_ms, std::nullopt);
  EXPECT_EQ(free->fence, task.fence + 1);
  const auto last = board.story_of(task.id).back();
  EXPECT_EQ(last.kind, "status_changed");
  EXPECT_EQ(last.agent_id, "ada");
  EXPECT_EQ(last.data, R"({"from":"in_progress","to":"todo","reason":"lunch"})");
}

TEST(Release, SaysWhyNot) {
  BoardOnDisk board;
  const auto task = owned(board);
  const auto stale = released(board, {.task_id = task.id, .fence = task.fence - 1});
  EXPECT_EQ(stale.error().reason, "stale_fence");
  ASSERT_EQ(stale.error().details.size(), 1U);
  EXPECT_EQ(stale.error().details.front().json, "1") << "the fence it is at";
  move(board, task.id, TaskStatus::kInReview);
  EXPECT_EQ(released(board, {.task_id = task.id}).error().reason, "illegal_transition");
  EXPECT_EQ(released(board, {.task_id = board.create("free").id}).error().reason, "not_claimed");
  EXPECT_EQ(released(board, {.task_id = TaskId("nobody")}).error().code, Errc::kNotFound);
}

TEST(Assign, OfAFreeTaskIsAClaim) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto given = assigned(board, {.task_id = task.id, .assignee_agent_id = "bob", .lease_ms = 7000});
  ASSERT_TRUE(given);
  EXPECT_EQ(given->assignee_agent_id, "bob");
  EXPECT_EQ(given->lease_ms, 7000);
  EXPECT_EQ(board.events_of(task.id).back(), "task_claimed");
}

TEST(Assign, OfAWaitingTaskIsRefused) {
  BoardOnDisk board;
  const auto blocker = board.create("blocker");
  const auto task = board.create("work");
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return link(tx, {task.id, blocker.id}); }));
  EXPECT_EQ(assigned(board, {.task_id = task.id, .assignee_agent_id = "bob"}).error().reason, "dependencies");
}

TEST(Assign, PassesWorkOnUnderItsFence) {
  BoardOnDisk board;
  const auto task = owned(board);
  board.clock().step(10);
  const auto given = assigned(
      board, {.task_id = task.id, .assignee_agent_id = "bob", .assignee_runtime = "hermes", .fence = task.fence});
  ASSERT_TRUE(given);
  EXPECT_EQ(given->status, TaskStatus::kInProgress);
  EXPECT_EQ(given->assignee_agent_id, "bob");
  EXPECT_EQ(given->fence, task.fence + 1);
  EXPECT_EQ(given->claimed_at, board.clock().unix_ms());
  EXPECT_EQ(given->lease_ms, std::nullopt) << "the former owner's lease ends with it";
  EXPECT_EQ(given->lease_check_at, std::nullopt);
  const auto last = board.story_of(task.id).back();
  EXPECT_EQ(last.kind, "task_assigned");
  EXPECT_EQ(last.agent_id, "bob");
  EXPECT_EQ(last.data, R"({"fromAgentId":"ada","assigneeAgentId":"bob","assigneeRuntime":"hermes","fence":2})");
}

TEST(Assign, TakesNothingFromAnOwnerWithoutTheFence) {
  BoardOnDisk board;
  const auto task = owned(board);
  EXPECT_EQ(assigned(board, {.task_id = task.id, .assignee_agent_id = "bob"}).error().reason, "claimed");
  EXPECT_EQ(assigned(board, {.task_id = task.id, .assignee_agent_id = "bob", .fence = 0}).error().reason,
            "stale_fence");
  EXPECT_EQ(board.task(task.id).assignee_agent_id, "ada");
}

TEST(Drop, TakesATaskOffTheBoardAndFromItsOwner) {
  BoardOnDisk board;
  const auto task = owned(board);
  const auto gone = dropped(board, {.task_id = task.id, .fence = task.fence});
  ASSERT_TRUE(gone);
  EXPECT_TRUE(gone->dropped);
  EXPECT_EQ(gone->status, TaskStatus::kTodo);
  EXPECT_EQ(gone->assignee_agent_id, std::nullopt);
  EXPECT_EQ(gone->lease_ms, std::nullopt);
  EXPECT_GT(gone->fence, task.fence);
  EXPECT_THAT(board.events_of(task.id), ElementsAre("task_created", "task_claimed", "status_changed", "task_dropped"));
  const auto page = board.read([](const store::View& view) { return list_tasks(view, {}, {}, 10); });
  EXPECT_TRUE(page->tasks.empty());
}

TEST(Drop, FreesATaskThatIsJudgedOrBlocked) {
  BoardOnDisk board;
  for (const auto status : {TaskStatus::kInReview, TaskStatus::kBlocked}) {
    const auto task = owned(board);
    move(board, task.id, status);
    const auto gone = dropped(board, {.task_id = task.id});
    ASSERT_TRUE(gone);
    EXPECT_EQ(gone->assignee_agent_id, std::nullopt);
    EXPECT_GT(gone->fence, task.fence);
  }
}

TEST(Drop, KeepsWhoDidATaskThatIsDone) {
  BoardOnDisk board;
  const auto task = owned(board);
  move(board, task.id, TaskStatus::kDone);
  EXPECT_EQ(dropped(board, {.task_id = task.id})->assignee_agent_id, "ada");
}

TEST(Drop, IsRefusedWhileARunOfThisDaemonWorksOnIt) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const RunClaim request{task.id, "ada", "codex", "run"};
  const auto run = board.write([&](store::Tx& tx) { return begin_run(tx, request); });
  ASSERT_TRUE(run);
  const auto refused = dropped(board, {.task_id = task.id});
  EXPECT_EQ(refused.error().reason, "running");
  EXPECT_FALSE(board.task(task.id).dropped);
  const ExecutionEnd end{.status = store::ExecutionStatus::kFailed};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return end_run(tx, run->lease, end, {}); }));
  EXPECT_TRUE(dropped(board, {.task_id = task.id}));
}

TEST(Drop, IsNotHinderedByARunThatLostTheTask) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const RunClaim request{task.id, "ada", "codex", "run"};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return begin_run(tx, request); }));
  ASSERT_TRUE(released(board, {.task_id = task.id}));
  ASSERT_TRUE(assigned(board, {.task_id = task.id, .assignee_agent_id = "bob"}));
  EXPECT_TRUE(dropped(board, {.task_id = task.id}));
}

TEST(Drop, MayBeRepeatedUnderTheOldFence) {
  BoardOnDisk board;
  const auto task = owned(board);
  ASSERT_TRUE(dropped(board, {.task_id = task.id, .fence = task.fence}));
  const auto before = board.events_of(task.id);
  EXPECT_TRUE(dropped(board, {.task_id = task.id, .fence = task.fence}));
  EXPECT_EQ(board.events_of(task.id), before);
  EXPECT_EQ(dropped(board, {.task_id = TaskId("nobody")}).error().code, Errc::kNotFound);
  EXPECT_EQ(dropped(board, {.task_id = owned(board).id, .fence = 9}).error().reason, "stale_fence");
}

TEST(Drop, TellsWhatWaitsForIt) {
  BoardOnDisk board;
  const auto blocker = board.create("blocker");
  const auto waiting = board.create("waiting");
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return link(tx, {waiting.id, blocker.id}); }));
  ASSERT_TRUE(dropped(board, {.task_id = blocker.id}));
  const auto last = board.story_of(waiting.id).back();
  EXPECT_EQ(last.kind, "dep_cancelled");
  EXPECT_EQ(last.data, R"({"dependsOnTaskId":")" + blocker.id.value + R"(","status":"todo","dropped":true})");
}

TEST(Restore, TellsWhatWaitsForIt) {
  BoardOnDisk board;
  const auto blocker = board.create("blocker");
  const auto waiting = board.create("waiting");
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return link(tx, {waiting.id, blocker.id}); }));
  ASSERT_TRUE(dropped(board, {.task_id = blocker.id}));
  for (int time = 0; time < 2; ++time) {
    ASSERT_TRUE(board.write([&](store::Tx& tx) { return restore(tx, blocker.id); }));
    EXPECT_THAT(board.events_of(waiting.id),
                ElementsAre("task_created", "dep_linked", "dep_cancelled", "dep_restored"));
  }
  EXPECT_EQ(board.story_of(waiting.id).back().data,
            R"({"dependsOnTaskId":")" + blocker.id.value + R"(","status":"todo"})");
}

TEST(Restore, OfATaskThatWasGivenUpIsNoHope) {
  BoardOnDisk board;
  const auto blocker = board.create("blocker");
  const auto waiting = board.create("waiting");
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return link(tx, {waiting.id, blocker.id}); }));
  move(board, blocker.id, TaskStatus::kCancelled);
  ASSERT_TRUE(dropped(board, {.task_id = blocker.id}));
  const auto before = board.events_of(waiting.id);
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return restore(tx, blocker.id); }));
  EXPECT_EQ(board.events_of(waiting.id), before);
}

TEST(Restore, BringsATaskBack) {
  BoardOnDisk board;
  const auto task = board.create("work");
  ASSERT_TRUE(dropped(board, {.task_id = task.id}));
  for (int time = 0; time < 2; ++time) {
    const auto back = board.write([&](store::Tx& tx) { return restore(tx, task.id); });
    ASSERT_TRUE(back);
    EXPECT_FALSE(back->dropped);
  }
  EXPECT_THAT(board.events_of(task.id), ElementsAre("task_created", "task_dropped", "task_restored"));
  EXPECT_EQ(board.write([&](store::Tx& tx) { return restore(tx, TaskId("nobody")); }).error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace baton::board
