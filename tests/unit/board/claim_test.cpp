#include "board/claim.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/dependency.hpp"
#include "board/edit.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using test::BoardOnDisk;
using testing::ElementsAre;

Result<store::Task> claimed(BoardOnDisk& board, const TaskId& id, const std::string& agent, bool ignore = false) {
  const ClaimRequest request{.task_id = id, .assignee_agent_id = agent, .ignore_dependencies = ignore};
  return board.write([&](store::Tx& tx) { return claim(tx, request); });
}

TEST(Claim, GivesTheTaskToTheClaimant) {
  BoardOnDisk board;
  const auto task = board.create("take me");
  const auto won = claimed(board, task.id, "ada");
  ASSERT_TRUE(won);
  EXPECT_EQ(won->status, store::TaskStatus::kInProgress);
  EXPECT_EQ(won->assignee_agent_id, "ada");
  EXPECT_EQ(won->fence, task.fence + 1);
  EXPECT_EQ(won->claimed_at, board.clock().unix_ms());
  EXPECT_THAT(board.events_of(task.id), ElementsAre("task_created", "task_claimed"));
}

TEST(Claim, RefusesTheSecondAndNamesTheHolder) {
  BoardOnDisk board;
  const auto task = board.create("take me");
  ASSERT_TRUE(claimed(board, task.id, "ada"));
  const auto lost = claimed(board, task.id, "bob");
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, Errc::kConflict);
  EXPECT_EQ(lost.error().reason, "claimed");
  EXPECT_THAT(lost.error().what, testing::HasSubstr("'ada'"));
  EXPECT_EQ(board.task(task.id).assignee_agent_id, "ada");
}

TEST(Claim, RefusesTheHolderToo) {
  BoardOnDisk board;
  const auto task = board.create("take me");
  ASSERT_TRUE(claimed(board, task.id, "ada"));
  EXPECT_EQ(claimed(board, task.id, "ada").error().reason, "claimed");
}

TEST(Claim, TellsNotFoundFromConflict) {
  BoardOnDisk board;
  const auto missing = claimed(board, TaskId("nobody"), "ada");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::kNotFound);
  const auto parked = board.create("later", {.status = store::TaskStatus::kBacklog});
  const auto early = claimed(board, parked.id, "ada");
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().reason, "status");
}

TEST(Claim, WaitsForDependenciesUnlessTold) {
  BoardOnDisk board;
  const auto first = board.create("first");
  const auto second = board.create("second");
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return link(tx, {second.id, first.id}); }));
  const auto refused = claimed(board, second.id, "ada");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "dependencies");
  EXPECT_EQ(board.task(second.id).status, store::TaskStatus::kTodo) << "a refusal changes nothing";
  EXPECT_EQ(board.task(second.id).fence, 0);
  EXPECT_TRUE(claimed(board, second.id, "ada", true));
}

std::string detail(const Error& error, std::string_view name) {
  for (const auto& one : error.details) {
    if (one.name == name) return one.json;
  }
  return "absent";
}

TEST(Claim, ARefusalNamesTheHolderInData) {
  BoardOnDisk board;
  const auto task = board.create("take me");
  const ClaimRequest first{
      .task_id = task.id, .assignee_agent_id = "ada", .assignee_runtime = "codex", .lease_ms = 5000};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return claim(tx, first); }));
  const auto now = board.clock().unix_ms();
  const auto lost = claimed(board, task.id, "bob");
  ASSERT_FALSE(lost);
  EXPECT_EQ(detail(lost.error(), "status"), R"("in_progress")");
  EXPECT_EQ(detail(lost.error(), "fence"), "1");
  EXPECT_EQ(detail(lost.error(), "holder"), R"("ada")");
  EXPECT_EQ(detail(lost.error(), "holderRuntime"), R"("codex")");
  EXPECT_EQ(detail(lost.error(), "since"), std::to_string(now));
  EXPECT_EQ(detail(lost.error(), "until"), std::to_string(now + 5000));
  EXPECT_EQ(detail(lost.error(), "blockedBy"), "absent");
}

TEST(Claim, ARefusalNamesWhatItWaitsFor) {
  BoardOnDisk board;
  const auto first = board.create("say \"a\"");
  const auto second = board.create("second");
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return link(tx, {second.id, first.id}); }));
  const auto refused = claimed(board, second.id, "ada");
  EXPECT_EQ(
      detail(refused.error(), "blockedBy"),
      R"([{"id":")" + first.id.value + R"(","title":"say \"a\"","status":"todo","dropped":false,"hopeless":false}])");
  EXPECT_EQ(detail(refused.error(), "holder"), "absent");
}

TEST(Claim, OfAnEndedTaskIsRefusedForItsStatus) {
  BoardOnDisk board;
  const auto task = board.create("take me");
  ASSERT_TRUE(claimed(board, task.id, "ada"));
  const TaskEdit done{.task_id = task.id, .status = store::TaskStatus::kDone};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, done); }));
  EXPECT_EQ(claimed(board, task.id, "bob").error().reason, "status") << "who did it holds it no longer";
}

TEST(Claim, ALeaseIsTrackedFromTheStartOnlyWhenItIsTheClaimantsOwn) {
  BoardOnDisk board;
  const auto usual = board.create("usual");
  const auto own = board.create("own");
  const auto lasting = board.create("lasting");
  for (const auto& request :
       {ClaimRequest{.task_id = usual.id, .assignee_agent_id = "ada", .lease_ms = 5000},
        ClaimRequest{.task_id = own.id, .assignee_agent_id = "ada", .lease_ms = 5000, .own_lease = true},
        ClaimRequest{.task_id = lasting.id, .assignee_agent_id = "ada"}}) {
    ASSERT_TRUE(board.write([&](store::Tx& tx) { return claim(tx, request); }));
  }
  EXPECT_EQ(board.task(usual.id).lease_ms, 5000);
  EXPECT_EQ(board.task(usual.id).lease_check_at, std::nullopt);
  EXPECT_EQ(board.task(own.id).lease_check_at, board.clock().unix_ms() + 5000);
  EXPECT_EQ(board.task(lasting.id).lease_ms, std::nullopt);
}

TEST(Claim, ReleaseMakesItFreeAndTheFenceRises) {
  BoardOnDisk board;
  const auto task = board.create("take me");
  const auto first = claimed(board, task.id, "ada");
  const TaskEdit release{.task_id = task.id, .status = store::TaskStatus::kTodo};
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return edit_task(tx, release); }));
  const auto free = board.task(task.id);
  EXPECT_EQ(free.assignee_agent_id, std::nullopt);
  EXPECT_GT(free.fence, first->fence);
  const auto second = claimed(board, task.id, "bob");
  ASSERT_TRUE(second);
  EXPECT_GT(second->fence, free.fence);
}

}  // namespace
}  // namespace baton::board
