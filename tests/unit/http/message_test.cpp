#include "http/message.hpp"

#include <gtest/gtest.h>

namespace baton::http {
namespace {

TEST(Message, NamesEachMethodBothWays) {
  for (const auto* name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    const auto method = method_from(name);
    ASSERT_TRUE(method) << name;
    EXPECT_EQ(to_text(*method), name);
  }
  EXPECT_FALSE(method_from("get"));
  EXPECT_FALSE(method_from("TRACE"));
  EXPECT_FALSE(method_from(""));
}

TEST(Message, IgnoresARepeatedQueryParameter) {
  Request request;
  request.query = {{"status", "todo"}, {"team", "a"}, {"team", "b"}};
  EXPECT_EQ(request.query_value("status"), "todo");
  EXPECT_FALSE(request.query_value("team"));
  EXPECT_FALSE(request.query_value("other"));
}

TEST(Message, FindsAHeader) {
  Request request;
  request.headers = {{"host", "here"}, {"accept", "*/*"}};
  EXPECT_EQ(request.header("accept"), "*/*");
  EXPECT_FALSE(request.header("origin"));
}

}  // namespace
}  // namespace baton::http
