#include "api/claim_lines.hpp"

#include <deque>
#include <filesystem>

#include "base/limits.hpp"
#include "board/dependency.hpp"
#include "board/own.hpp"
#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using http::test::RawClient;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ClaimLinesTest : public ApiTest {
 protected:
  // One more client asks for the task, and its request has come as far as it comes while the store is held.
  RawClient& asks(const std::string& agent, const TaskId& task, const std::string& more = "") {
    const auto before = lines.waiting() + disk.in_flight();
    auto& client = clients.emplace_back(loop, address);
    EXPECT_TRUE(client.send(claim_of(task, agent, more)));
    EXPECT_TRUE(http::test::run_until(loop, [&] { return lines.waiting() + disk.in_flight() == before + 1; }));
    return client;
  }
  static std::string answer_of(RawClient& client) {
    EXPECT_TRUE(client.receive_answers(1));
    EXPECT_EQ(client.answers(), 1U);
    return client.received;
  }
  static constexpr const char* kIgnore = R"(,"ignoreDependencies":true)";

  std::deque<RawClient> clients;
};

TEST_F(ClaimLinesTest, OneWinsAndTheOthersLearnWho) {
  const auto task = disk.create("t");
  auto go_on = hold_the_store();
  auto& first = asks("ada", task.id);
  const auto in_flight = disk.in_flight();
  for (int i = 0; i < 20; ++i) asks("bob", task.id);
  EXPECT_EQ(disk.in_flight(), in_flight);
  EXPECT_EQ(lines.waiting(), 20U);
  go_on.set_value();
  EXPECT_THAT(answer_of(first), StartsWith("HTTP/1.1 200 "));
  for (std::size_t i = 1; i < clients.size(); ++i) {
    const auto refused = answer_of(clients[i]);
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 409 "));
    EXPECT_THAT(refused, HasSubstr(R"("reason":"claimed")"));
    EXPECT_THAT(refused, HasSubstr(R"("holder":"ada")"));
    EXPECT_THAT(refused, HasSubstr("\"since\":" + std::to_string(disk.clock().unix_ms())));
  }
  EXPECT_EQ(lines.waiting(), 0U);
  EXPECT_THAT(disk.events_of(task.id), ElementsAre("task_created", "task_claimed"));
}

TEST_F(ClaimLinesTest, WhoComesAfterwardsIsRefusedLikeThem) {
  const auto task = disk.create("t");
  auto go_on = hold_the_store();
  asks("ada", task.id);
  auto& in_line = asks("bob", task.id);
  go_on.set_value();
  const auto refused = answer_of(in_line);
  EXPECT_EQ(body_of(answer_to(claim_of(task.id, "bob"))), body_of(refused));
}

TEST_F(ClaimLinesTest, TheNextInLineHasItsChance) {
  const auto blocker = disk.create("blocker");
  const auto task = disk.create("t");
  ASSERT_TRUE(disk.write([&](store::Tx& tx) { return board::link(tx, {task.id, blocker.id}); }));
  auto go_on = hold_the_store();
  auto& first = asks("ada", task.id);
  auto& second = asks("bob", task.id);
  auto& third = asks("cyd", task.id, kIgnore);
  auto& fourth = asks("dee", task.id, kIgnore);
  go_on.set_value();
  for (auto* refused : {&first, &second}) EXPECT_THAT(answer_of(*refused), HasSubstr(R"("reason":"dependencies")"));
  EXPECT_THAT(answer_of(third), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer_of(fourth), HasSubstr(R"("holder":"cyd")"));
}

TEST_F(ClaimLinesTest, ATaskThatIsNotThereIsNotThereForAnybody) {
  auto go_on = hold_the_store();
  auto& first = asks("ada", TaskId("nothing"));
  auto& second = asks("bob", TaskId("nothing"));
  go_on.set_value();
  EXPECT_THAT(answer_of(first), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(answer_of(second), StartsWith("HTTP/1.1 404 "));
}

TEST_F(ClaimLinesTest, EachTaskHasALineOfItsOwn) {
  const auto one = disk.create("one");
  const auto two = disk.create("two");
  auto go_on = hold_the_store();
  auto& ada = asks("ada", one.id);
  auto& bob = asks("bob", two.id);
  EXPECT_EQ(lines.waiting(), 0U);
  go_on.set_value();
  EXPECT_THAT(answer_of(ada), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer_of(bob), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ClaimLinesTest, ATaskThatIsFreeAgainGoesToTheNext) {
  const auto task = disk.create("t");
  auto go_on = hold_the_store();
  asks("ada", task.id);
  auto& bob = asks("bob", task.id);
  // Behind ada's claim, and committed with it.
  disk.board().write([&](store::Tx& tx) { return board::release(tx, {.task_id = task.id}); },
                     [](const Result<store::Task>&) {});
  go_on.set_value();
  EXPECT_THAT(answer_of(bob), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(disk.task(task.id).assignee_agent_id, "bob");
}

TEST_F(ClaimLinesTest, WhoHasGoneHoldsNobodyUp) {
  const auto task = disk.create("t");
  auto go_on = hold_the_store();
  asks("ada", task.id);
  asks("bob", task.id).break_off();
  auto& cyd = asks("cyd", task.id);
  go_on.set_value();
  EXPECT_THAT(answer_of(cyd), HasSubstr(R"("holder":"ada")"));
}

TEST_F(ClaimLinesTest, ALongLineIsAnsweredInPieces) {
  const auto task = disk.create("t");
  auto go_on = hold_the_store();
  for (std::size_t i = 0; i < 2 * limits::kAnswersPerTurn + 3; ++i) asks("ada", task.id);
  go_on.set_value();
  ASSERT_TRUE(http::test::run_until(loop, [&] { return lines.waiting() == 0; }));
  std::size_t refused = 0;
  for (auto& client : clients) refused += answer_of(client).starts_with("HTTP/1.1 409 ") ? 1 : 0;
  EXPECT_EQ(refused, clients.size() - 1);
}

TEST_F(ClaimLinesTest, AStoreThatFailsIsNotAskedForEachOfThem) {
  const auto task = disk.create("t");
  auto go_on = hold_the_store();
  // Breaks the group that the first claim is committed with.
  asks("ada", task.id);
  for (int i = 0; i < 3; ++i) asks("bob", task.id);
  const auto in_flight = disk.in_flight();
  std::filesystem::remove(disk.file());
  go_on.set_value();
  for (auto& client : clients) EXPECT_THAT(answer_of(client), StartsWith("HTTP/1.1 503 "));
  EXPECT_EQ(lines.waiting(), 0U);
  EXPECT_EQ(in_flight, 2U);
}

TEST_F(ClaimLinesTest, UnderAKeyTheStoreIsAsked) {
  const auto task = disk.create("t");
  auto go_on = hold_the_store();
  asks("ada", task.id);
  auto& keyed = clients.emplace_back(loop, address);
  ASSERT_TRUE(keyed.send(
      post_with("/api/board/" + task.id.value + "/claim", "Idempotency-Key: k", R"({"assigneeAgentId":"bob"})")));
  ASSERT_TRUE(http::test::run_until(loop, [&] { return disk.in_flight() == 3; }));
  EXPECT_EQ(lines.waiting(), 0U);
  go_on.set_value();
  EXPECT_THAT(answer_of(keyed), StartsWith("HTTP/1.1 409 "));
}

}  // namespace
}  // namespace baton::api
