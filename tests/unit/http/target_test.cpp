#include "http/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

Result<Request> read(std::string_view target, Method method = Method::kGet, std::string_view authority = "here:1") {
  Request request{.method = method};
  auto read = set_target(request, target, authority);
  if (!read) return fail(read);
  return request;
}

TEST(Target, SplitsPathAndQuery) {
  const auto request = read("/api/board?status=todo&ready=true");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->path, "/api/board");
  EXPECT_EQ(request->target, "/api/board?status=todo&ready=true");
  EXPECT_THAT(request->query, ElementsAre(Pair("status", "todo"), Pair("ready", "true")));
}

TEST(Target, DecodesEscapes) {
  const auto request = read("/a%20b/%C3%A9?x=%26%3d&y=a+b%2B&&z");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->path, "/a b/é");
  EXPECT_THAT(request->query, ElementsAre(Pair("x", "&="), Pair("y", "a b+"), Pair("z", "")));
}

TEST(Target, KeepsPlusInAPath) { EXPECT_EQ(read("/a+b")->path, "/a+b"); }

TEST(Target, RefusesBrokenEscapesAndWhatIsNoText) {
  const auto why = [](std::string_view bad) {
    const auto request = read(bad);
    return request ? "accepted" : request.error().what;
  };
  for (const auto* bad : {"/%", "/%4", "/%zz", "/%-1"}) EXPECT_EQ(why(bad), "broken escape in the path") << bad;
  for (const auto* bad : {"/?x=%", "/?%0", "/?x=%0g"}) EXPECT_EQ(why(bad), "broken escape in the query") << bad;
  for (const auto* bad : {"/%00", "/a%00b"}) EXPECT_EQ(why(bad), "NUL is not allowed in the path") << bad;
  for (const auto* bad : {"/?x=%00", "/?a%00b"}) EXPECT_EQ(why(bad), "NUL is not allowed in the query") << bad;
  for (const auto* bad : {"/%ff", "/%c3", "/%ED%A0%80"}) EXPECT_EQ(why(bad), "the path is not UTF-8") << bad;
  for (const auto* bad : {"/?x=%ff", "/?%c3", "/?a=b&x=%ED%A0%80", "/?x=\xff"}) {
    EXPECT_EQ(why(bad), "the query is not UTF-8") << bad;
  }
}

TEST(Target, ReducesTheAbsoluteFormOfItsOwnHost) {
  const auto request = read("HTTP://Here:1/a?b=c");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->target, "/a?b=c");
  EXPECT_EQ(request->path, "/a");
  EXPECT_EQ(read("http://here:1")->path, "/");
}

TEST(Target, RefusesOtherForms) {
  for (const auto* bad : {"http://there/a", "https://here:1/a", "here:1", "a/b", "*", "http://here:1?x", "/a#b", ""}) {
    EXPECT_FALSE(read(bad)) << bad;
  }
}

TEST(Target, TakesTheAsteriskForOptions) { EXPECT_TRUE(read("*", Method::kOptions)); }

TEST(Target, ForgetsAnEarlierQuery) {
  Request request;
  ASSERT_TRUE(set_target(request, "/a?x=1&y=2"));
  ASSERT_TRUE(set_target(request, "/b?z=3"));
  EXPECT_THAT(request.query, ElementsAre(Pair("z", "3")));
  EXPECT_EQ(request.path, "/b");
}

TEST(Target, EncodesWhatItDecodes) {
  const std::string text = "a b/c?d&e=é%+~";
  std::string back;
  ASSERT_TRUE(percent_decode(percent_encoded(text), false, back));
  EXPECT_EQ(back, text);
  EXPECT_EQ(percent_encoded("/~"), "%2F~");
}

}  // namespace
}  // namespace baton::http
