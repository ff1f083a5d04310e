#include "board/claim_next.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "board/dependency.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using test::BoardOnDisk;

Result<NextClaim> next(BoardOnDisk& board, ClaimNext request = {}) {
  request.assignee_agent_id = "ada";
  return board.write([&](store::Tx& tx) { return claim_next(tx, request); });
}

std::string title_of(const Result<NextClaim>& claimed) {
  if (!claimed) return "error: " + claimed.error().what;
  return claimed->task ? claimed->task->title : "nothing";
}

TEST(ClaimNext, TakesTheMostImportantThenTheOldest) {
  BoardOnDisk board;
  board.create("old");
  board.create("older than urgent");
  board.create("urgent", {.priority = 5});
  board.create("late", {.priority = -1});
  EXPECT_EQ(title_of(next(board)), "urgent");
  EXPECT_EQ(title_of(next(board)), "old");
  EXPECT_EQ(title_of(next(board)), "older than urgent");
  EXPECT_EQ(title_of(next(board)), "late");
  const auto none = next(board);
  EXPECT_EQ(title_of(none), "nothing");
  EXPECT_FALSE(none->go_on);
}

TEST(ClaimNext, IsAClaim) {
  BoardOnDisk board;
  const auto task = board.create("work");
  const auto claimed = next(board, {.assignee_runtime = "codex", .lease_ms = 5000, .own_lease = true});
  ASSERT_TRUE(claimed && claimed->task);
  EXPECT_EQ(claimed->task->id, task.id);
  EXPECT_EQ(claimed->task->assignee_agent_id, "ada");
  EXPECT_EQ(claimed->task->assignee_runtime, "codex");
  EXPECT_EQ(claimed->task->lease_check_at, board.clock().unix_ms() + 5000);
  EXPECT_EQ(board.events_of(task.id).back(), "task_claimed");
}

TEST(ClaimNext, PassesOverWhatIsNotReady) {
  BoardOnDisk board;
  const auto blocker = board.create("blocker", {.status = store::TaskStatus::kBacklog});
  const auto waiting = board.create("waiting");
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return link(tx, {waiting.id, blocker.id}); }));
  EXPECT_EQ(title_of(next(board)), "nothing");
}

TEST(ClaimNext, KeepsToTeamAndKind) {
  BoardOnDisk board;
  board.create("other team", {.priority = 9, .team_id = "blue"});
  board.create("research", {.priority = 8, .team_id = "red", .kind = "research"});
  board.create("plain", {.team_id = "red"});
  EXPECT_EQ(title_of(next(board, {.team_id = "red", .kinds = {"code"}})), "plain") << "no kind means code";
  EXPECT_EQ(title_of(next(board, {.team_id = "red", .kinds = {"code"}})), "nothing");
  EXPECT_EQ(title_of(next(board, {.team_id = "red", .kinds = {"code", "research"}})), "research");
}

TEST(ClaimNext, GoesOnWhereABoundedSearchEnded) {
  BoardOnDisk board;
  constexpr auto kUnwanted = static_cast<int>(limits::kListScan) + 10;
  const auto filled = board.write([&](store::Tx& tx) -> Result<Unit> {
    for (int i = 0; i < kUnwanted; ++i) {
      if (auto made = create_task(tx, {.title = "unwanted", .priority = 1, .kind = "research"}); !made)
        return fail(made);
    }
    return Unit{};
  });
  ASSERT_TRUE(filled);
  board.create("wanted");
  auto first = next(board, {.kinds = {"code"}});
  ASSERT_TRUE(first && first->go_on) << title_of(first);
  EXPECT_FALSE(first->task);
  EXPECT_EQ(title_of(next(board, {.kinds = {"code"}, .after = first->go_on})), "wanted");
}

TEST(LookForReady, TellsWaitersWhetherToAsk) {
  BoardOnDisk board;
  const auto asked = [&](const std::vector<std::string>& kinds) {
    return board.read([&](const store::View& view) -> Result<Ready> { return look_for_ready(view, "red", kinds); });
  };
  EXPECT_EQ(asked({}), Ready::kNone);
  board.create("blue", {.team_id = "blue"});
  EXPECT_EQ(asked({}), Ready::kNone);
  board.create("red", {.team_id = "red", .kind = "research"});
  EXPECT_EQ(asked({}), Ready::kSome);
  EXPECT_EQ(asked({"code"}), Ready::kNone);
  EXPECT_EQ(asked({"research"}), Ready::kSome);
}

TEST(LookForReady, CannotTellWhatLiesBeyondOnePiece) {
  BoardOnDisk board;
  const auto filled = board.write([](store::Tx& tx) -> Result<Unit> {
    for (std::size_t i = 0; i <= limits::kListScan; ++i) {
      if (auto made = create_task(tx, {.title = "unwanted", .kind = "research"}); !made) return fail(made);
    }
    return Unit{};
  });
  ASSERT_TRUE(filled);
  const auto asked =
      board.read([](const store::View& view) { return Result<Ready>(look_for_ready(view, {}, {"code"})); });
  EXPECT_EQ(asked, Ready::kPerhaps);
}

}  // namespace
}  // namespace baton::board
