#include "http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bug.hpp"
#include "http/target.hpp"

namespace baton::http {
namespace {

using testing::ElementsAre;

Route route(Method method, std::string_view pattern) {
  return Route{.method = method,
               .pattern = pattern,
               .operation = pattern,
               .summary = "",
               .tag = "t",
               .handler = [](Request&, Responder) {}};
}

struct Found {
  std::string_view operation;  // empty: refused
  std::vector<std::string> params;
  Response refusal;
};

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router.add({route(Method::kGet, "/"), route(Method::kGet, "/api/board"), route(Method::kPost, "/api/board"),
                route(Method::kGet, "/api/board/{taskId}"), route(Method::kPatch, "/api/board/{taskId}"),
                route(Method::kPost, "/api/board/{taskId}/claim"), route(Method::kPatch, "/api/board/executions/{id}"),
                route(Method::kGet, "/api/board/{taskId}/executions"), route(Method::kGet, "/api/board/ready")});
  }

  Found find(Method method, std::string_view target) {
    Request request{.method = method};
    require(set_target(request, target).has_value(), "test target");
    Found found;
    const Route* const route = router.find(request, found.refusal);
    if (route != nullptr) found.operation = route->operation;
    found.params = request.params;
    return found;
  }
  std::string allow(Method method, std::string_view target) {
    const auto found = find(method, target);
    for (const auto& [name, value] : found.refusal.headers) {
      if (name == "Allow") return value;
    }
    return {};
  }

  Router router;
};

TEST_F(RouterTest, MatchesWholeSegments) {
  EXPECT_EQ(find(Method::kGet, "/api/board").operation, "/api/board");
  EXPECT_EQ(find(Method::kGet, "/").operation, "/");
  EXPECT_EQ(find(Method::kGet, "/api/boar").operation, "");
  EXPECT_EQ(find(Method::kGet, "/api/boards").operation, "");
  EXPECT_EQ(find(Method::kGet, "/API/board").operation, "");
}

TEST_F(RouterTest, FillsParams) {
  const auto found = find(Method::kPost, "/api/board/42/claim?x=1");
  EXPECT_EQ(found.operation, "/api/board/{taskId}/claim");
  EXPECT_THAT(found.params, ElementsAre("42"));
}

TEST_F(RouterTest, AllowsOneTrailingSlash) {
  EXPECT_EQ(find(Method::kGet, "/api/board/").operation, "/api/board");
  EXPECT_EQ(find(Method::kGet, "/api/board//").operation, "");
  EXPECT_EQ(find(Method::kGet, "//").operation, "");
  EXPECT_EQ(find(Method::kGet, "/api//board").operation, "");
}

TEST_F(RouterTest, DecodesASegmentAfterTheSplit) {
  EXPECT_THAT(find(Method::kGet, "/api/board/a%2Fclaim").params, ElementsAre("a/claim"));
  EXPECT_THAT(find(Method::kGet, "/api/board/%2e%2e").params, ElementsAre(".."));
  EXPECT_EQ(find(Method::kGet, "/api%2Fboard").operation, "");
  EXPECT_EQ(find(Method::kGet, "/%61pi/board").operation, "/api/board");
}

TEST_F(RouterTest, PrefersALiteral) {
  EXPECT_EQ(find(Method::kGet, "/api/board/ready").operation, "/api/board/ready");
  EXPECT_EQ(find(Method::kPatch, "/api/board/executions/7").operation, "/api/board/executions/{id}");
}

TEST_F(RouterTest, GoesBackWhenALiteralLeadsNowhere) {
  const auto found = find(Method::kGet, "/api/board/ready/executions");
  EXPECT_EQ(found.operation, "/api/board/{taskId}/executions");
  EXPECT_THAT(found.params, ElementsAre("ready"));
}

TEST_F(RouterTest, LeavesALiteralsOtherMethodsRefused) {
  EXPECT_EQ(find(Method::kPatch, "/api/board/ready").refusal.status, 405);
}

TEST_F(RouterTest, AnswersAnUnknownPath) {
  const auto found = find(Method::kDelete, "/api/none?x=1");
  EXPECT_EQ(found.refusal.status, 404);
  EXPECT_EQ(found.refusal.body, R"({"error":"not found","path":"/api/none"})");
  EXPECT_LT(find(Method::kGet, "/api/" + std::string(10'000, 'x')).refusal.body.size(), 300u);
  EXPECT_EQ(find(Method::kGet, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s").refusal.status, 404);
}

TEST_F(RouterTest, AnswersAnotherMethod) {
  EXPECT_EQ(find(Method::kDelete, "/api/board").refusal.status, 405);
  EXPECT_EQ(allow(Method::kDelete, "/api/board"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(allow(Method::kGet, "/api/board/1/claim"), "POST, OPTIONS");
  EXPECT_EQ(allow(Method::kDelete, "/api/board/ready"), "GET, HEAD, OPTIONS");
}

TEST_F(RouterTest, AnswersOptions) {
  EXPECT_EQ(find(Method::kOptions, "/api/board").refusal.status, 204);
  EXPECT_EQ(allow(Method::kOptions, "/api/board"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(find(Method::kOptions, "/api/none").refusal.status, 404);
  EXPECT_EQ(find(Method::kOptions, "*").refusal.status, 204);
}

TEST_F(RouterTest, ServesHeadFromGet) {
  EXPECT_EQ(find(Method::kHead, "/api/board/1").operation, "/api/board/{taskId}");
}

TEST_F(RouterTest, HasNothingWhenEmpty) {
  Router empty;
  Request request{.method = Method::kGet, .target = "/", .path = "/"};
  Response refusal;
  EXPECT_EQ(empty.find(request, refusal), nullptr);
  EXPECT_EQ(refusal.status, 404);
}

TEST_F(RouterTest, RefusesTheSameRouteTwice) {
  EXPECT_DEATH(router.add(route(Method::kGet, "/api/board")), "same method and pattern");
  EXPECT_DEATH(router.add(route(Method::kGet, "/api/board/{otherName}")), "same method and pattern");
}

}  // namespace
}  // namespace baton::http
