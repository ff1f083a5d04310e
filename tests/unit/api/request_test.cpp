#include "api/request.hpp"

#include <gtest/gtest.h>

namespace baton::api {
namespace {

http::Request asking(std::string_view value) {
  http::Request request;
  request.query.emplace_back("limit", value);
  return request;
}

TEST(Request, WholeNumbersAreNothingElse) {
  EXPECT_EQ(whole_number("-12"), -12);
  for (const char* text : {"", "1.0", "1 ", "+1", "0x1", "99999999999999999999"}) {
    EXPECT_FALSE(whole_number(text)) << text;
  }
}

TEST(Request, NumbersOfTheQueryHaveBounds) {
  EXPECT_EQ(query_number(asking("3"), "limit", 1, 5, 2), 3);
  EXPECT_EQ(query_number({}, "limit", 1, 5, 2), 2);
  for (const char* text : {"0", "6", "x", ""}) {
    const auto number = query_number(asking(text), "limit", 1, 5, 2);
    ASSERT_FALSE(number) << text;
    EXPECT_EQ(number.error().what, "limit must be a whole number from 1 to 5");
  }
}

}  // namespace
}  // namespace baton::api
