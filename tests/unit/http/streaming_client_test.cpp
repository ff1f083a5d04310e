// The streaming client over plain connections, against a server in another process.
#include "http/streaming_client.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include "streaming_harness.hpp"

namespace baton::http {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

std::size_t descriptors() {
  std::error_code ignored;
  const std::filesystem::directory_iterator all("/proc/self/fd", ignored);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST_F(StreamingTest, TellsHeadBodyAndEndInThisOrder) {
  Heard heard;
  complete(plain("ok/there"), heard);
  ASSERT_TRUE(*heard.done) << heard.why();
  EXPECT_EQ(heard.status, 200);
  EXPECT_THAT(heard.headers, Contains(Pair("x-odd", "Yes")));
  EXPECT_EQ(heard.body, "fine there");
}

TEST_F(StreamingTest, SendsWhatItWasGivenAndItsOwnHeaders) {
  Heard heard;
  auto what = request(server().url("plain", "echo"), "POST", std::string(3'000'000, '\1'));
  what.headers = {{"X-Given", "as it is"}};
  complete(std::move(what), heard);
  EXPECT_THAT(heard.body, HasSubstr("POST\n"));
  EXPECT_THAT(heard.body, HasSubstr("content-length=3000000\n"));
  EXPECT_THAT(heard.body, HasSubstr("x-given=as it is\n"));
  EXPECT_THAT(heard.body, HasSubstr(fmt::format("host=127.0.0.1:{}\n", server().port("plain"))));
  EXPECT_THAT(heard.body, HasSubstr("body=3000000:3000000"));
  EXPECT_THAT(ask("echo"), Not(HasSubstr("content-length")));
}

TEST_F(StreamingTest, RefusesWhatCouldNotBeSent) {
  const auto refused = [&](StreamingRequest what) {
    const auto started = client->start(std::move(what), {});
    return !started && started.error().code == Errc::kInvalid;
  };
  for (const auto* method : {"", "get", "GET /x HTTP/1.1\r\n", "CONNECT", "G T", "G\xc3\xa4T"})
    EXPECT_TRUE(refused(request("http://127.0.0.1/", method))) << method;
  for (const auto* name :
       {"Host", "content-length", "TRANSFER-ENCODING", "Connection", "Upgrade", "TE", "", "a b", "a:b", "a\r\nb"}) {
    auto what = request("http://127.0.0.1/");
    what.headers = {{name, "x"}};
    EXPECT_TRUE(refused(std::move(what))) << name;
  }
  for (const auto* value : {"a\r\nb: c", "a\nb", "a\x7f"}) {
    auto what = request("http://127.0.0.1/");
    what.headers = {{"X", value}};
    EXPECT_TRUE(refused(std::move(what))) << value;
  }
}

TEST_F(StreamingTest, AnswersWithoutABody) {
  for (const auto* status : {"204", "304"}) {
    Heard heard;
    complete(plain(std::string("status/") + status), heard);
    EXPECT_EQ(heard.status, std::stoi(status));
    EXPECT_EQ(heard.heads, 1u);
    EXPECT_EQ(heard.pieces, 0u);
    EXPECT_EQ(heard.why(), "");
  }
  Heard head;
  complete(request(server().url("plain", "status/200"), "HEAD"), head);
  EXPECT_EQ(head.why(), "");
  EXPECT_EQ(head.status, 200);
  EXPECT_THAT(head.headers, Contains(Pair("content-length", "17")));
  EXPECT_EQ(head.pieces, 0u);
}

TEST_F(StreamingTest, AnErrorOfTheServerIsAnAnswer) {
  Heard heard;
  complete(plain("status/500"), heard);
  EXPECT_TRUE(*heard.done);
  EXPECT_EQ(heard.status, 500);
  EXPECT_EQ(heard.body, "not so good");
}

TEST_F(StreamingTest, ReadsEveryFormOfABody) {
  EXPECT_EQ(ask("chunked"), "hello!");
  EXPECT_EQ(ask("until-close"), "all of it");
  EXPECT_EQ(ask("interim"), "after");
}

TEST_F(StreamingTest, HearsARefusalOfABodyThatNobodyReads) {
  Heard heard;
  complete(request(server().url("plain", "early"), "POST", std::string(20'000'000, 'x')), heard);
  EXPECT_EQ(heard.why(), "");
  EXPECT_EQ(heard.status, 413);
  EXPECT_EQ(heard.body, "too large");
}

TEST_F(StreamingTest, ABrokenAnswerIsAnError) {
  for (const auto* path : {"break-in-head", "break-in-body", "break-in-chunk", "hang-up", "garbage", "two-lengths",
                           "switch", "endless-chunk"}) {
    Heard heard;
    complete(plain(path), heard);
    EXPECT_EQ(heard.code(), Errc::kIo) << path << ": " << heard.why();
    EXPECT_FALSE(heard.why().empty()) << path;
  }
  for (const auto* path : {"huge-head", "endless-head"}) {
    Heard heard;
    complete(plain(path), heard);
    EXPECT_EQ(heard.code(), Errc::kTooLarge) << path << ": " << heard.why();
    EXPECT_EQ(heard.heads, 0u);
  }
}

TEST_F(StreamingTest, EachTimeLimitEndsIt) {
  for (const auto* path : {"stall-before-head", "stall-in-head", "stall-in-body"}) {
    Heard idle;
    auto what = plain(path);
    what.idle_timeout = 30ms;
    complete(std::move(what), idle);
    EXPECT_EQ(idle.code(), Errc::kTimeout) << path;
    EXPECT_THAT(idle.why(), HasSubstr("nothing came for 30 ms"));
    Heard total;
    auto other = plain(path);
    other.total_timeout = 30ms;
    complete(std::move(other), total);
    EXPECT_EQ(total.code(), Errc::kTimeout) << path;
    EXPECT_THAT(total.why(), HasSubstr("not over within 30 ms"));
  }
}

// A socket that listens and whose backlog is full swallows what comes.
TEST_F(StreamingTest, AConnectionThatDoesNotComeIsATimeout) {
  asio::io_context other;
  asio::ip::tcp::acceptor full(other);
  full.open(asio::ip::tcp::v4());
  full.bind({asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  std::vector<std::unique_ptr<asio::ip::tcp::socket>> fill;
  for (int count = 0; count < 4; ++count) {
    fill.push_back(std::make_unique<asio::ip::tcp::socket>(other));
    fill.back()->async_connect(full.local_endpoint(), [](const std::error_code&) {});
  }
  Heard heard;
  auto what = request(fmt::format("http://127.0.0.1:{}/", full.local_endpoint().port()));
  what.connect_timeout = 50ms;
  complete(std::move(what), heard);
  EXPECT_EQ(heard.code(), Errc::kTimeout) << heard.why();
  EXPECT_THAT(heard.why(), HasSubstr("no connection to 127.0.0.1 within 50 ms"));
}

TEST_F(StreamingTest, SaysThatNobodyListensOrNobodyKnowsTheName) {
  asio::ip::tcp::acceptor gone(loop.context(), {asio::ip::address_v4::loopback(), 0});
  const auto port = gone.local_endpoint().port();
  gone.close();
  Heard refused;
  complete(request(fmt::format("http://127.0.0.1:{}/", port)), refused);
  EXPECT_EQ(refused.code(), Errc::kIo);
  EXPECT_THAT(refused.why(), HasSubstr("refused"));
  Heard denied;
  auto what = request("http://10.0.0.1/");
  what.loopback_only = true;
  complete(std::move(what), denied);
  EXPECT_EQ(denied.code(), Errc::kDenied);
}

// A turn of the loop is where a plugin starts one: what fails at once is told in a later turn too.
TEST_F(StreamingTest, NothingIsToldInsideStart) {
  Heard heard;
  bool returned = false;
  loop.post([&] {
    auto what = request("http://10.0.0.1/");
    what.loopback_only = true;
    start(std::move(what), heard);  // expects silence
    returned = true;
  });
  EXPECT_TRUE(ends(heard));
  EXPECT_TRUE(returned);
  EXPECT_EQ(heard.code(), Errc::kDenied);
  Heard closed;
  bool gone = false;
  loop.post([&] {
    start(plain("ok"), closed);
    closed.exchange.reset();
    gone = true;
  });
  EXPECT_TRUE(test::run_until(loop, [&] { return gone; }));
  EXPECT_NE(ask("ok"), "");
  EXPECT_FALSE(closed.done) << "closed before its first turn";
}

TEST_F(StreamingTest, SpeaksToAnIPv6Address) {
  if (!server().has("plain6")) GTEST_SKIP() << "this machine has no IPv6";
  EXPECT_THAT(ask("echo", "plain6"), HasSubstr(fmt::format("host=[::1]:{}", server().port("plain6"))));
}

TEST_F(StreamingTest, PausedItReadsNothingAndWaitsPatiently) {
  constexpr std::size_t kBlocks = 1600, kBlock = 64 * 1024;  // 100 MiB
  Heard heard;
  heard.keep = false;
  heard.on_body = [&] { heard.exchange->pause(heard.bytes < 1'000'000); };
  auto what = plain(fmt::format("big/{}", kBlocks));
  what.idle_timeout = 100ms;
  start(std::move(what), heard);
  ASSERT_TRUE(test::run_until(loop, [&] { return heard.pieces > 0; }));
  const auto read = heard.bytes;
  EXPECT_LE(read, kBlock);
  // As long as it takes another one, with three times its idle time, to run into that; the server fills what the kernel
  // holds meanwhile, and no more.
  Heard other;
  auto longer = plain("stall-before-head");
  longer.idle_timeout = 300ms;
  complete(std::move(longer), other);
  EXPECT_EQ(heard.bytes, read);
  EXPECT_FALSE(heard.done);
  EXPECT_LT(std::stoul(ask("blocks")), kBlocks / 2);
  heard.on_body = nullptr;
  heard.exchange->pause(false);
  EXPECT_TRUE(ends(heard));
  EXPECT_EQ(heard.why(), "");
  EXPECT_EQ(heard.bytes, kBlocks * kBlock);
  EXPECT_LE(heard.largest, kBlock);
}

TEST_F(StreamingTest, PausedTheTotalTimeGoesOn) {
  Heard heard;
  auto what = plain("stall-in-body");
  what.total_timeout = 50ms;
  start(std::move(what), heard);
  heard.exchange->pause(true);
  EXPECT_TRUE(ends(heard));
  EXPECT_EQ(heard.code(), Errc::kTimeout);
}

TEST_F(StreamingTest, ClosingItInAnyCallIsTheLastOne) {
  for (const auto* where : {"head", "body", "done"}) {
    Heard heard;
    bool closed = false;
    const auto close = [&] {
      heard.exchange.reset();
      closed = true;
    };
    if (where == std::string("head")) heard.on_head = close;
    if (where == std::string("body")) heard.on_body = close;
    if (where == std::string("done")) heard.on_done = close;
    start(plain("ok"), heard);
    ASSERT_TRUE(test::run_until(loop, [&] { return closed; }));
    const auto pieces = heard.pieces;
    EXPECT_EQ(heard.done.has_value(), where == std::string("done"));
    shut_down();
    EXPECT_EQ(heard.pieces, pieces) << where;
    EXPECT_EQ(heard.done.has_value(), where == std::string("done"));
    make_client({});
  }
}

TEST_F(StreamingTest, ClosingItEarlyIsSilence) {
  Heard at_once, connecting, reading;
  start(plain("ok"), at_once);
  at_once.exchange.reset();
  // Closed in the turn after the one in which its lookup began: an answer takes at least one more.
  start(request("http://some-name.invalid/"), connecting);
  loop.post([&] { connecting.exchange.reset(); });
  start(plain("stall-in-body"), reading);
  EXPECT_TRUE(test::run_until(loop, [&] { return reading.pieces > 0; }));
  EXPECT_FALSE(connecting.exchange);
  reading.exchange.reset();
  shut_down();
  EXPECT_EQ(at_once.heads, 0u);
  EXPECT_FALSE(at_once.done || connecting.done || reading.done);
}

TEST_F(StreamingTest, ManyAtOnce) {
  std::vector<std::unique_ptr<Heard>> all;
  for (int number = 0; number < 100; ++number) {
    all.push_back(std::make_unique<Heard>());
    start(plain(fmt::format("ok/{}", number)), *all.back());
  }
  for (int number = 0; number < 100; ++number) {
    ASSERT_TRUE(ends(*all[static_cast<std::size_t>(number)]));
    EXPECT_EQ(all[static_cast<std::size_t>(number)]->body, fmt::format("fine {}", number));
  }
  EXPECT_LE(client->spare(), PoolLimits{}.per_place);
}

TEST_F(StreamingTest, AThousandLeaveNothingBehind) {
  ask("ok");
  const auto before = descriptors();
  for (int count = 0; count < 1000; ++count) ask(count % 10 == 0 ? "until-close" : "ok");
  EXPECT_LE(descriptors(), before + 1);  // the server may just have closed one that waited
  shut_down();
  EXPECT_LT(descriptors(), before);
}

}  // namespace
}  // namespace baton::http
