#include "http/response_parser.hpp"

#include <string>

#include <gtest/gtest.h>

namespace baton::http {
namespace {

struct Reading {
  std::string body;
  ResponseParser parser{false, [this](std::string_view piece) -> Result<Unit> {
                          if (piece == "refuse me") return fail(Errc::kTooLarge, "refused");
                          body.append(piece);
                          return Unit{};
                        }};
};

constexpr std::string_view kFirst = "HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 3\r\n\r\none";
constexpr std::string_view kSecond = "HTTP/1.1 409 Conflict\r\nConnection: close\r\nContent-Length: 3\r\n\r\ntwo";

TEST(ResponseParser, ReadsAnswersOneAfterTheOtherWhenReset) {
  Reading reading;
  const std::string both = std::string(kFirst) + std::string(kSecond);
  const auto used = reading.parser.put(both);
  ASSERT_TRUE(used);
  EXPECT_EQ(*used, kFirst.size());
  EXPECT_EQ(reading.parser.head().status, 200);
  EXPECT_TRUE(reading.parser.keep_alive());
  reading.parser.reset();
  EXPECT_FALSE(reading.parser.done());
  EXPECT_TRUE(reading.parser.head().headers.empty());
  ASSERT_TRUE(reading.parser.put(std::string_view(both).substr(*used)));
  EXPECT_EQ(reading.parser.head().status, 409);
  EXPECT_FALSE(reading.parser.keep_alive());
  EXPECT_EQ(reading.body, "onetwo");
}

TEST(ResponseParser, KnowsThatAnOldServerCloses) {
  Reading reading;
  ASSERT_TRUE(reading.parser.put("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_TRUE(reading.parser.done());
  EXPECT_FALSE(reading.parser.keep_alive());
}

TEST(ResponseParser, ForgetsAFailureWhenReset) {
  Reading reading;
  EXPECT_FALSE(reading.parser.put("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nrefuse me"));
  reading.parser.reset();
  EXPECT_TRUE(reading.parser.put(kFirst));
  EXPECT_EQ(reading.body, "one");
}

}  // namespace
}  // namespace baton::http
