#include "api/waiters.hpp"

#include "base/limits.hpp"
#include "board/claim.hpp"
#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using http::test::post;
using http::test::RawClient;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string claim_next_as(const std::string& agent, const std::string& more = "", int wait_ms = 60'000) {
  return post("/api/board/claim-next", R"({"assigneeAgentId":")" + agent + R"(","waitMs":)" + std::to_string(wait_ms) +
                                           (more.empty() ? "" : ",") + more + "}");
}

class WaitersTest : public ApiTest {
 protected:
  void starts_to_wait(RawClient& claimant, const std::string& request) {
    const auto before = waiters.count();
    ASSERT_TRUE(claimant.send(request));
    ASSERT_TRUE(http::test::run_until(loop, [&] { return waiters.count() == before + 1; }));
  }
  bool is_answered(RawClient& claimant, const std::string& with) {
    return claimant.receive_answers(1) && claimant.received.find(with) != std::string::npos;
  }
  std::string owner_of(const store::Task& task) { return disk.task(task.id).assignee_agent_id.value_or("nobody"); }
};

TEST_F(WaitersTest, ATaskThatIsThereIsTakenAtOnce) {
  const auto task = disk.create("t");
  auto ada = client();
  ASSERT_TRUE(ada.send(claim_next_as("ada")));
  EXPECT_TRUE(is_answered(ada, task.id.value));
  EXPECT_EQ(waiters.count(), 0U);
}

TEST_F(WaitersTest, ACommitWakesTheOneWhoHasWaitedLongest) {
  auto ada = client();
  auto bob = client();
  starts_to_wait(ada, claim_next_as("ada"));
  starts_to_wait(bob, claim_next_as("bob"));
  const auto first = disk.create("first");
  EXPECT_TRUE(is_answered(ada, first.id.value));
  EXPECT_EQ(waiters.count(), 1U);
  const auto second = disk.create("second");
  EXPECT_TRUE(is_answered(bob, second.id.value));
}

TEST_F(WaitersTest, NobodyIsWokenForNothing) {
  auto ada = client();
  starts_to_wait(ada, claim_next_as("ada", R"("teamId":"red","kinds":["review"])", 1000));
  disk.create("other team", {.team_id = "blue", .kind = "review"});
  disk.create("other kind", {.team_id = "red", .kind = "code"});
  disk.create("later", {.status = store::TaskStatus::kBacklog, .team_id = "red", .kind = "review"});
  EXPECT_TRUE(is_answered(ada, "204 No Content"));
}

TEST_F(WaitersTest, TheWishIsTheSameHoweverItIsWritten) {
  auto ada = client();
  auto bob = client();
  starts_to_wait(ada, claim_next_as("ada", R"("kinds":["review","code","code"])"));
  starts_to_wait(bob, claim_next_as("bob", R"("kinds":["code","review"])"));
  const auto task = disk.create("t", {.kind = "review"});
  EXPECT_TRUE(is_answered(ada, task.id.value));
}

TEST_F(WaitersTest, AfterItsTimeThereIsNone) {
  auto ada = client();
  auto bob = client();
  starts_to_wait(ada, claim_next_as("ada"));
  ASSERT_TRUE(bob.send(claim_next_as("bob", "", 1)));
  EXPECT_TRUE(is_answered(bob, "204 No Content"));
  EXPECT_EQ(waiters.count(), 1U);
}

TEST_F(WaitersTest, AtTheEndAllAreSentAway) {
  auto ada = client();
  starts_to_wait(ada, claim_next_as("ada"));
  waiters.stop();
  EXPECT_TRUE(is_answered(ada, "204 No Content"));
  auto bob = client();
  ASSERT_TRUE(bob.send(claim_next_as("bob")));
  EXPECT_TRUE(is_answered(bob, "204 No Content"));
}

TEST_F(WaitersTest, OneWhoHasGoneGetsNoTask) {
  auto ada = client();
  auto bob = client();
  starts_to_wait(ada, claim_next_as("ada"));
  starts_to_wait(bob, claim_next_as("bob"));
  ada.break_off();
  const auto task = disk.create("t");
  EXPECT_TRUE(is_answered(bob, task.id.value));
  EXPECT_THAT(disk.events_of(task.id), ElementsAre("task_created", "task_claimed"));
}

TEST_F(WaitersTest, ATaskClaimedForOneWhoWentMeanwhileIsReleased) {
  const auto task = disk.create("t");
  auto go_on = hold_the_store();
  auto ada = client();
  starts_to_wait(ada, claim_next_as("ada"));
  ada.break_off();
  go_on.set_value();
  ASSERT_TRUE(http::test::run_until(loop, [&] { return disk.events_of(task.id).size() == 3; }));
  EXPECT_EQ(owner_of(task), "nobody");
  EXPECT_EQ(disk.task(task.id).status, store::TaskStatus::kTodo);
}

TEST_F(WaitersTest, WithAKeyItIsKeptForTheRepeat) {
  const auto task = disk.create("t");
  auto go_on = hold_the_store();
  const auto request =
      post_with("/api/board/claim-next", "Idempotency-Key: k", R"({"assigneeAgentId":"ada","waitMs":60000})");
  auto ada = client();
  starts_to_wait(ada, request);
  auto again = client();
  starts_to_wait(again, request);
  ada.break_off();
  go_on.set_value();
  EXPECT_TRUE(is_answered(again, "Idempotent-Replayed: true"));
  EXPECT_THAT(again.received, HasSubstr(task.id.value));
  EXPECT_THAT(answer_to(request), HasSubstr("Idempotent-Replayed: true"));
  EXPECT_EQ(owner_of(task), "ada");
}

TEST_F(WaitersTest, AKeyOfAnotherRequestIsRefused) {
  answer_to(post_with("/api/board", "Idempotency-Key: k", R"({"title":"t"})"));
  const auto answer = answer_to(
      post_with("/api/board/claim-next", "Idempotency-Key: k", R"({"assigneeAgentId":"ada","waitMs":60000})"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 422 "));
}

// The news of a commit may come before the answer of a claim that was made before it: the claim found nothing, and the
// news found a claimant who was busy.
TEST_F(WaitersTest, NewsThatCameBeforeTheAnswerAreNotMissed) {
  const auto taken = disk.create("taken");
  auto go_on = hold_the_store();
  disk.board().write(
      [&](store::Tx& tx) { return board::claim(tx, {.task_id = taken.id, .assignee_agent_id = "rival"}); },
      [](const Result<store::Task>&) {});
  auto ada = client();
  starts_to_wait(ada, claim_next_as("ada"));  // sees "taken" on the board, and comes too late for it
  disk.board().write([](store::Tx& tx) { return board::create_task(tx, {.title = "next"}); },
                     [](const Result<store::Task>&) {});
  const auto before = last_seq();
  go_on.set_value();
  while (last_seq() < before + 2) std::this_thread::yield();  // committed, and not delivered: the loop stands still
  bus.published(last_seq());
  EXPECT_TRUE(is_answered(ada, R"("title":"next")"));
}

TEST_F(WaitersTest, QueuesTakeTurns) {
  auto ada = client();
  auto bob = client();
  auto eve = client();
  starts_to_wait(ada, claim_next_as("ada"));
  starts_to_wait(bob, claim_next_as("bob"));
  starts_to_wait(eve, claim_next_as("eve", R"("teamId":"red")"));
  auto go_on = hold_the_store();
  for (const char* title : {"one", "two"}) {
    disk.board().write([title](store::Tx& tx) { return board::create_task(tx, {.title = title, .team_id = "red"}); },
                       [](const Result<store::Task>&) {});
  }
  go_on.set_value();
  EXPECT_TRUE(is_answered(ada, R"("title":"one")"));
  EXPECT_TRUE(is_answered(eve, R"("title":"two")"));
  EXPECT_EQ(waiters.count(), 1U);
}

// More tasks of another kind than a search looks at in one piece, so that no look can say that there is none.
TEST_F(WaitersTest, WhatIsOfAnotherKindStartsNoSearch) {
  const auto filled = disk.write([](store::Tx& tx) -> Result<Unit> {
    for (std::size_t i = 0; i <= limits::kListScan; ++i) {
      if (auto made = board::create_task(tx, {.title = "other", .kind = "other"}); !made) return fail(made);
    }
    return Unit{};
  });
  ASSERT_TRUE(filled);
  deliver();
  auto ada = client();
  starts_to_wait(ada, claim_next_as("ada", R"("kinds":["rare"])"));
  ASSERT_TRUE(http::test::run_until(loop, [&] { return disk.in_flight() == 0; }));
  disk.create("one more", {.kind = "other"});
  deliver();
  EXPECT_EQ(disk.in_flight(), 0U);
  const auto wanted = disk.create("wanted", {.kind = "rare"});
  EXPECT_TRUE(is_answered(ada, wanted.id.value));
}

TEST_F(WaitersTest, NobodyIsLeftOfOneWhoWentBeforeItsLook) {
  const auto task = disk.create("t");
  auto ada = client();
  ASSERT_TRUE(ada.send(claim_next_as("ada")));
  ada.leave();
  answer_to(http::test::get("/api/board/" + task.id.value));  // sent after ada's, and answered after it
  ASSERT_TRUE(wait_for_connections(0));
  EXPECT_EQ(waiters.count(), 0U);
  EXPECT_EQ(waiters.wishes(), 0U);
}

}  // namespace
}  // namespace baton::api
