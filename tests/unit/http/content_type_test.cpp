#include "http/content_type.hpp"

#include "harness.hpp"

namespace baton::http::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::optional<Response> answer_to(std::vector<std::string> types, std::string body = "{}") {
  Request request{.method = Method::kPost, .body = std::move(body)};
  request.headers.emplace_back("host", "localhost");
  for (auto& type : types) request.headers.emplace_back("content-type", std::move(type));
  return refused_type(request);
}

TEST(ContentType, KnowsJson) {
  for (const auto* type :
       {"application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\"",
        "application/json ; profile=x", "application/merge-patch+json", "application/problem+JSON; x=y"}) {
    EXPECT_TRUE(is_json_type(type)) << type;
  }
}

TEST(ContentType, KnowsWhatIsNotJson) {
  for (const auto* type :
       {"", "json", "text/plain", "text/json", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json", "application/jsonx", "application/json, text/plain",
        "text/plain; application/json", "application/", "application/+json", "application/a b+json",
        "application/json5", "xapplication/json", "; application/json"}) {
    EXPECT_FALSE(is_json_type(type)) << type;
  }
}

TEST(ContentType, OfABodyMustBeJson) {
  EXPECT_FALSE(answer_to({"application/json"}));
  for (const auto& types : std::vector<std::vector<std::string>>{
           {"text/plain"}, {""}, {}, {"application/json", "text/plain"}, {"text/plain", "application/json"}}) {
    const auto refused = answer_to(types);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 415);
    EXPECT_THAT(refused->body, HasSubstr("Content-Type: application/json"));
  }
  EXPECT_THAT(answer_to({"text/plain"})->body, HasSubstr(R"(not \"text/plain\")"));
  EXPECT_LT(answer_to({std::string(10'000, 'x')})->body.size(), 500u);
}

TEST(ContentType, MattersOnlyForABody) {
  EXPECT_FALSE(answer_to({}, ""));
  EXPECT_FALSE(answer_to({"text/plain"}, ""));
  EXPECT_TRUE(answer_to({}, " "));
}

constexpr Field kBody[] = {{.name = "title"}};

std::string sent_as(std::string_view type, std::string_view target) {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + std::string(type) +
         "\r\nContent-Length: 2\r\n\r\n{}";
}

// A body that nobody reads as JSON may be of any type; after a refusal the connection goes on.
TEST_F(ServerTest, RefusesABodyOfAnotherTypeWhereJsonIsRead) {
  Route reading = route(Method::kPost, "/json", echo);
  reading.body = kBody;
  router.add(std::move(reading));
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(sent_as("text/plain", "/json") + sent_as("application/json", "/json") +
                        sent_as("text/plain", "/echo")));
  ASSERT_TRUE(peer.receive_until("POST /echo [{}]"));
  EXPECT_THAT(peer.received, testing::StartsWith("HTTP/1.1 415 Unsupported Media Type\r\n"));
  EXPECT_THAT(peer.received, HasSubstr("Accept: application/json\r\n"));
  EXPECT_THAT(peer.received, HasSubstr("POST /json [{}]"));
  EXPECT_THAT(peer.received, Not(HasSubstr("Connection: close")));
}

}  // namespace
}  // namespace baton::http::test
