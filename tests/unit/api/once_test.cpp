#include "api/once.hpp"

#include "base/limits.hpp"
#include "board/edit.hpp"
#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using OnceTest = ApiTest;

std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

TEST_F(OnceTest, ARepeatGetsTheFirstAnswerAndDoesNothing) {
  const auto request = post_with("/api/board", "Idempotency-Key: k", R"({"title":"t"})");
  const auto first = answer_to(request);
  const auto again = answer_to(request);
  EXPECT_THAT(first, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(first, Not(HasSubstr("Idempotent-Replayed")));
  EXPECT_THAT(again, HasSubstr("Idempotent-Replayed: true\r\n"));
  EXPECT_EQ(body_of(again), body_of(first));
  EXPECT_EQ(last_seq(), 1);
}

TEST_F(OnceTest, AKeyStandsForOneRequest) {
  answer_to(post_with("/api/board", "Idempotency-Key: k", R"({"title":"t"})"));
  for (const char* body : {R"({"title":"u"})", R"({"title": "t"})"}) {
    const auto other = answer_to(post_with("/api/board", "Idempotency-Key: k", body));
    EXPECT_THAT(other, StartsWith("HTTP/1.1 422 "));
    EXPECT_THAT(other, HasSubstr(R"("error":"idempotency_key_reused")"));
  }
  EXPECT_EQ(last_seq(), 1);
}

TEST_F(OnceTest, ARefusalIsNotKept) {
  const auto task = disk.create("t", {.status = store::TaskStatus::kBacklog});
  const auto claim =
      post_with("/api/board/" + task.id.value + "/claim", "Idempotency-Key: k", R"({"assigneeAgentId":"ada"})");
  EXPECT_THAT(answer_to(claim), StartsWith("HTTP/1.1 409 "));
  const board::TaskEdit freed{.task_id = task.id, .status = store::TaskStatus::kTodo};
  ASSERT_TRUE(disk.write([&](store::Tx& tx) { return board::edit_task(tx, freed); }));
  EXPECT_THAT(answer_to(claim), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer_to(claim), HasSubstr("Idempotent-Replayed: true"));
}

TEST_F(OnceTest, AWrongKeyIsRefused) {
  const std::string too_long(limits::kIdempotencyKey + 1, 'k');
  for (const auto& key : {std::string(), too_long, std::string("k\xc3\xa4se")}) {
    const auto answer = answer_to(post_with("/api/board", "Idempotency-Key: " + key, R"({"title":"t"})"));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << key;
    EXPECT_THAT(answer, HasSubstr("invalid_idempotency_key")) << key;
  }
  EXPECT_EQ(last_seq(), 0);
}

}  // namespace
}  // namespace baton::api
