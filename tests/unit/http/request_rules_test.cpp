#include "http/request_rules.hpp"

#include "harness.hpp"

namespace baton::http::test {
namespace {

using testing::HasSubstr;

constexpr Field kFields[] = {{.name = "title"}};

int status_of_answer(const Route& of, const Request& request) {
  const auto refused = refused_request(of, request);
  return refused ? refused->status : 200;
}

Route plain_route() {
  auto made = route(Method::kPost, "/things", echo);
  made.any_body = false;
  made.query = {{"fence", "a number"}, {"teamId", "a team"}};
  return made;
}

Request with_query(std::vector<std::pair<std::string, std::string>> query) {
  return {.method = Method::kPost, .query = std::move(query)};
}

Request with_body(std::string body) { return {.method = Method::kPost, .body = std::move(body)}; }

TEST(RequestRules, RefuseAParameterThatComesTwice) {
  EXPECT_EQ(status_of_answer(plain_route(), with_query({{"fence", "0"}, {"teamId", "1"}})), 200);
  const auto refused = refused_request(plain_route(), with_query({{"fence", "0"}, {"other", "x"}, {"fence", "0"}}));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 400);
  EXPECT_THAT(refused->body, HasSubstr("fence"));
}

TEST(RequestRules, LetPassWhatTheRouteDoesNotKnow) {
  EXPECT_EQ(status_of_answer(plain_route(), with_query({{"x", "1"}, {"x", "2"}})), 200);
}

TEST(RequestRules, LookAtTheBodyOfARouteWithoutFields) {
  for (const auto* body : {"", "{}", R"({"anything":[1]})", "  \n"}) {
    EXPECT_EQ(status_of_answer(plain_route(), with_body(body)), 200) << body;
  }
  for (const auto* body : {"{bad", "[]", "null", "hello", "{} {}", "{\"a\":\"\xff\"}"}) {
    EXPECT_EQ(status_of_answer(plain_route(), with_body(body)), 400) << body;
  }
}

TEST(RequestRules, LeaveTheBodyToWhomeverTakesAny) {
  auto any = plain_route();
  any.any_body = true;
  EXPECT_EQ(status_of_answer(any, with_body("hello")), 200);
}

TEST(RequestRules, WantTheTypeOfABodyWithFields) {
  auto typed = plain_route();
  typed.body = kFields;
  EXPECT_EQ(status_of_answer(typed, with_body("{}")), 415);
}

}  // namespace
}  // namespace baton::http::test
