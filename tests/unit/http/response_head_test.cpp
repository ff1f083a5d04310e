#include "http/response_head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::http {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string head(const Response& response, HeadStyle style = {}) {
  std::string out;
  DateText date;
  append_head(out, response, style, date);
  return out;
}

TEST(ResponseHead, SaysWhatIsSent) {
  const auto text = head({.body = "{}"});
  EXPECT_THAT(text, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(text, HasSubstr("Content-Type: application/json; charset=utf-8\r\n"));
  EXPECT_THAT(text, HasSubstr("Content-Length: 2\r\n"));
  EXPECT_THAT(text, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(text, ContainsRegex("Date: [A-Z][a-z][a-z], [0-9][0-9] [A-Z][a-z][a-z] 20[0-9][0-9] [0-9:]+ GMT\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("Connection")));
}

TEST(ResponseHead, HasNoLengthWhereNoBodyMayBe) {
  EXPECT_THAT(head({.status = 204}), Not(HasSubstr("\r\nContent-")));
  EXPECT_THAT(head({.status = 304}), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(head({.status = 200}), HasSubstr("Content-Length: 0\r\n"));
}

TEST(ResponseHead, CannotBeSplitByAHeader) {
  Response response;
  response.headers = {
      {"X-Good", "a\tb"}, {"X-Bad", "a\r\nSet-Cookie: x"}, {"X\r\nY", "z"}, {"", "z"}, {"X-Nul", {"a\0b", 3}}};
  const auto text = head(response);
  EXPECT_THAT(text, HasSubstr("X-Good: a\tb\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("Set-Cookie")));
  EXPECT_THAT(text, Not(HasSubstr("X-Bad")));
  EXPECT_THAT(text, Not(HasSubstr(": z")));
  EXPECT_THAT(text, Not(HasSubstr("X-Nul")));
}

TEST(ResponseHead, SaysHowTheConnectionGoesOn) {
  EXPECT_THAT(head({}, {.close = true, .keep_alive = true}), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(head({}, {.keep_alive = true}), HasSubstr("Connection: keep-alive\r\n"));
}

TEST(ResponseHead, LeavesCachesToAResponseThatSpeaksOfThem) {
  EXPECT_THAT(head({}, {.no_store = true}), HasSubstr("Cache-Control: no-store\r\n"));
  Response response;
  response.headers = {{"cache-control", "max-age=60"}};
  EXPECT_THAT(head(response, {.no_store = true}), Not(HasSubstr("no-store")));
}

TEST(ResponseHead, KnowsAStreamHasNoLength) {
  std::string out;
  DateText date;
  append_stream_head(out, date);
  EXPECT_THAT(out, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(out, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(out, Not(HasSubstr("Content-Length")));
}

}  // namespace
}  // namespace baton::http
