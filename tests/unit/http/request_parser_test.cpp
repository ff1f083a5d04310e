#include "http/request_parser.hpp"

#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bug.hpp"

namespace baton::http {
namespace {

using State = RequestParser::State;
using testing::ElementsAre;
using testing::Pair;

// Feeds `bytes` in pieces that end at the given positions, keeping what was not used, as a connection does.
State feed(RequestParser& parser, std::string_view bytes, std::vector<std::size_t> ends, std::size_t* used = nullptr) {
  ends.push_back(bytes.size());
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    const auto progress = parser.put(bytes.substr(begin, end - begin));
    begin += progress.used;
    if (used != nullptr) *used = begin;
    if (progress.state != State::kNeedMore) return progress.state;
  }
  return State::kNeedMore;
}

// The status with which a whole request is refused; 0 when it is taken, -1 when more is wanted.
int refused(std::string_view bytes, ParserLimits limits = {}) {
  RequestParser parser(limits);
  const auto state = feed(parser, bytes, {});
  if (state == State::kNeedMore) return -1;
  return state == State::kRefused ? parser.refusal().status : 0;
}

std::string with_headers(std::string_view lines) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(lines) + "\r\n";
}

constexpr std::string_view kPlain =
    "POST /api/board?x=1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n"
    "{\"title\":1}";
constexpr std::string_view kChunked =
    "PATCH /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;name=value\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: ignored\r\n\r\n";

TEST(RequestParser, ReadsARequest) {
  RequestParser parser;
  ASSERT_EQ(feed(parser, kPlain, {}), State::kComplete);
  const Request& request = parser.request();
  EXPECT_EQ(request.method, Method::kPost);
  EXPECT_EQ(request.path, "/api/board");
  EXPECT_THAT(request.query, ElementsAre(Pair("x", "1")));
  EXPECT_THAT(request.headers, ElementsAre(Pair("host", "localhost"), Pair("content-type", "application/json"),
                                           Pair("content-length", "11")));
  EXPECT_EQ(request.body, "{\"title\":1}");
  EXPECT_TRUE(parser.keep_alive());
}

TEST(RequestParser, ReadsTheSameAtEverySplit) {
  for (const auto bytes : {kPlain, kChunked}) {
    RequestParser whole;
    ASSERT_EQ(feed(whole, bytes, {}), State::kComplete);
    for (std::size_t split = 1; split < bytes.size(); ++split) {
      RequestParser parser;
      std::size_t used = 0;
      ASSERT_EQ(feed(parser, bytes, {split}, &used), State::kComplete) << split;
      EXPECT_EQ(used, bytes.size());
      EXPECT_EQ(parser.request().body, whole.request().body);
      EXPECT_EQ(parser.request().headers, whole.request().headers);
      EXPECT_EQ(parser.request().target, whole.request().target);
    }
  }
}

TEST(RequestParser, ReadsByteByByte) {
  for (const auto bytes : {kPlain, kChunked}) {
    std::vector<std::size_t> ends;
    for (std::size_t i = 1; i < bytes.size(); ++i) ends.push_back(i);
    RequestParser parser;
    EXPECT_EQ(feed(parser, bytes, ends), State::kComplete);
  }
}

TEST(RequestParser, IgnoresTrailers) {
  RequestParser parser;
  ASSERT_EQ(feed(parser, kChunked, {}), State::kComplete);
  EXPECT_EQ(parser.request().body, "hello world");
  EXPECT_FALSE(parser.request().header("x-trailer"));
}

TEST(RequestParser, StopsBehindARequest) {
  const std::string two = std::string(kPlain) + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";
  RequestParser parser;
  const auto first = parser.put(two);
  ASSERT_EQ(first.state, State::kComplete);
  EXPECT_EQ(first.used, kPlain.size());
  parser.reset();
  EXPECT_FALSE(parser.started());
  const auto second = parser.put(std::string_view(two).substr(first.used));
  ASSERT_EQ(second.state, State::kComplete);
  EXPECT_EQ(parser.request().path, "/next");
  EXPECT_EQ(parser.request().body, "");
  EXPECT_THAT(parser.request().headers, ElementsAre(Pair("host", "a")));
}

TEST(RequestParser, GoesOnAfterItsRequestWasMovedAway) {
  RequestParser parser;
  ASSERT_EQ(feed(parser, kPlain, {}), State::kComplete);
  const Request taken = std::move(parser.request());
  parser.reset();
  ASSERT_EQ(feed(parser, kPlain, {}), State::kComplete);
  EXPECT_EQ(parser.request().headers, taken.headers);
}

TEST(RequestParser, SkipsOneEmptyLine) {
  EXPECT_EQ(refused("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
  EXPECT_EQ(refused("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  RequestParser parser;
  EXPECT_EQ(feed(parser, "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", {1, 2}), State::kComplete);
}

TEST(RequestParser, KnowsWhoStays) {
  const auto stays = [](std::string_view bytes) {
    RequestParser parser;
    require(feed(parser, bytes, {}) == State::kComplete, "test request");
    return parser.keep_alive();
  };
  EXPECT_TRUE(stays("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(stays("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(stays("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(stays("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(RequestParser, SeesAnExpectation) {
  RequestParser parser;
  ASSERT_EQ(feed(parser, with_headers("Content-Length: 2\r\nExpect: 100-Continue\r\n"), {}), State::kNeedMore);
  EXPECT_TRUE(parser.head_done());
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_EQ(refused(with_headers("Content-Length: 2\r\nExpect: magic\r\n")), 417);
}

struct Case {
  const char* name;
  std::string bytes;
  int status;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class Refusals : public testing::TestWithParam<Case> {};

TEST_P(Refusals, AreTheSameWholeAndInPieces) {
  const auto& [name, bytes, status] = GetParam();
  EXPECT_EQ(refused(bytes), status) << name;
  std::vector<std::size_t> ends;
  for (std::size_t i = 1; i < bytes.size(); ++i) ends.push_back(i);
  RequestParser parser;
  const auto state = feed(parser, bytes, ends);
  EXPECT_EQ(state == State::kRefused ? parser.refusal().status : 0, status) << name;
}

INSTANTIATE_TEST_SUITE_P(
    RequestParser, Refusals,
    testing::Values(
        Case{"unknown coding", with_headers("Transfer-Encoding: xchunked\r\n"), 501},
        Case{"coding that hides chunked", with_headers("Transfer-Encoding: chunked, identity\r\n"), 501},
        Case{"coding before chunked", with_headers("Transfer-Encoding: gzip, chunked\r\n"), 501},
        Case{"identity coding", with_headers("Transfer-Encoding: identity\r\n"), 501},
        Case{"empty coding", with_headers("Transfer-Encoding:\r\n"), 501},
        Case{"quoted coding", with_headers("Transfer-Encoding: \"chunked\"\r\n"), 501},
        Case{"coding twice", with_headers("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
        Case{"coding, then another", with_headers("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"), 400},
        Case{"length and coding", with_headers("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), 400},
        Case{"coding and length", with_headers("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"), 400},
        Case{"coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        Case{"two lengths", with_headers("Content-Length: 4\r\nContent-Length: 5\r\n"), 400},
        Case{"equal lengths", with_headers("Content-Length: 4\r\nContent-Length: 4\r\n"), 400},
        Case{"list of lengths", with_headers("Content-Length: 4, 4\r\n"), 400},
        Case{"signed length", with_headers("Content-Length: +4\r\n"), 400},
        Case{"negative length", with_headers("Content-Length: -4\r\n"), 400},
        Case{"hexadecimal length", with_headers("Content-Length: 0x4\r\n"), 400},
        Case{"empty length", with_headers("Content-Length:\r\n"), 400},
        Case{"overflowing length", with_headers("Content-Length: 99999999999999999999999\r\n"), 400},
        Case{"no host", "GET / HTTP/1.1\r\n\r\n", 400}, Case{"two hosts", with_headers("Host: a\r\n"), 400},
        Case{"folded line", with_headers("X-A: b\r\n c\r\n"), 400},
        Case{"folded by a tab", with_headers("X-A: b\r\n\tc\r\n"), 400},
        Case{"folded, first line empty", with_headers("X-A:\r\n b\r\n"), 400},
        Case{"folded, all empty", with_headers("X-A:\r\n \r\n"), 400},
        Case{"folded coding", with_headers("Transfer-Encoding:\r\n chunked\r\n"), 400},
        Case{"space before the colon", with_headers("Content-Length : 4\r\n"), 400},
        Case{"name with a space", with_headers("X A: b\r\n"), 400},
        Case{"line without a name", with_headers(": b\r\n"), 400},
        Case{"control character in a value", with_headers("X-A: b\x01\r\n"), 400},
        Case{"bare line feed", "GET / HTTP/1.1\nHost: a\n\n\r\n\r\n", 400},
        Case{"bare carriage return", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
        Case{"unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        Case{"method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        Case{"tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        Case{"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Case{"target without a slash", "GET index HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Case{"absolute target of another host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Case{"asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Case{"broken escape", "GET /%g1 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Case{"escaped NUL", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Case{"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505}, Case{"HTTP/0.9", "GET /\r\n\r\n\r\n", 400},
        Case{"not HTTP", "\x16\x03\x01\x02 hello\r\n\r\n", 400},
        Case{"bad chunk size", with_headers("Transfer-Encoding: chunked\r\n") + "zz\r\nhello\r\n0\r\n\r\n", 400},
        Case{"chunk without an end", with_headers("Transfer-Encoding: chunked\r\n") + "2\r\nhello\r\n0\r\n\r\n", 400},
        Case{"overflowing chunk", with_headers("Transfer-Encoding: chunked\r\n") + "fffffffffffffffff\r\n", 400}));

TEST(RequestParser, TakesTheAbsoluteFormOfItsHost) {
  EXPECT_EQ(refused("GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
}

TEST(RequestParser, CountsTheHead) {
  const ParserLimits small{.head = 256, .body = 64};
  EXPECT_EQ(refused("GET /" + std::string(150, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", small), 0);
  EXPECT_EQ(refused("GET /" + std::string(300, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", small), 431);
  EXPECT_EQ(refused(with_headers("X-A: " + std::string(300, 'x') + "\r\n"), small), 431);
  // Each part alone would be fine, both together are not; also when they come one after the other.
  const auto both =
      "GET /" + std::string(150, 'x') + " HTTP/1.1\r\nHost: a\r\nX-A: " + std::string(150, 'x') + "\r\n\r\n";
  EXPECT_EQ(refused(both, small), 431);
  RequestParser parser(small);
  EXPECT_EQ(feed(parser, both, {170}), State::kRefused);
  EXPECT_EQ(parser.refusal().status, 431);
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X: y\r\n";
  EXPECT_EQ(refused(with_headers(many)), 431);
}

TEST(RequestParser, CountsTheBody) {
  const ParserLimits small{.head = 256, .body = 64};
  EXPECT_EQ(refused(with_headers("Content-Length: 65\r\n"), small), 413);
  EXPECT_EQ(refused(with_headers("Content-Length: 64\r\n") + std::string(64, 'x'), small), 0);
  const auto chunked = with_headers("Transfer-Encoding: chunked\r\n");
  EXPECT_EQ(refused(chunked + "41\r\n", small), 413);
  const auto forty = "28\r\n" + std::string(40, 'x') + "\r\n";
  EXPECT_EQ(refused(chunked + forty + "0\r\n\r\n", small), 0);
  EXPECT_EQ(refused(chunked + forty + forty, small), 413);
}

}  // namespace
}  // namespace baton::http
