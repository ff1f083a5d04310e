// Connections that are used again, and what happens when that was a mistake.
#include "http/channel_pool.hpp"

#include "streaming_harness.hpp"

namespace baton::http {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class ReuseTest : public StreamingTest {
 protected:
  std::size_t times(const std::string& line) {
    const auto all = "\n" + ask("requests") + "\n";
    std::size_t count = 0;
    for (auto at = all.find("\n" + line + "\n"); at != std::string::npos; at = all.find("\n" + line + "\n", at + 1))
      ++count;
    return count;
  }
};

TEST_F(ReuseTest, OneAfterTheOtherNeedsOneConnection) {
  const auto before = connections();
  for (int count = 0; count < 20; ++count) ask("ok");
  EXPECT_EQ(connections(), before);
  EXPECT_EQ(client->spare(), 1u);
}

TEST_F(ReuseTest, AlsoWhenTheyCarriedABody) {
  const auto before = connections();
  for (const std::size_t size : {1, 300, 200'000, 5}) {
    Heard heard;
    complete(request(server().url("plain", "echo"), "POST", std::string(size, 'b')), heard);
    EXPECT_EQ(heard.why(), "") << size;
    EXPECT_EQ(client->spare(), 1u) << size;
  }
  EXPECT_EQ(connections(), before);
}

TEST_F(ReuseTest, WhatIsNotWholeIsNotUsedAgain) {
  for (const auto* path : {"until-close", "break-in-body", "extra", "garbage"}) {
    Heard heard;
    complete(plain(path), heard);
    EXPECT_EQ(client->spare(), 0u) << path;
  }
  const auto before = connections();
  ASSERT_EQ(client->spare(), 1u);
  Heard paused;
  start(plain("stall-in-body"), paused);
  EXPECT_TRUE(test::run_until(loop, [&] { return paused.pieces > 0; }));
  paused.exchange.reset();
  ask("ok");
  EXPECT_EQ(connections(), before + 1);  // the only one was taken, so "ok" needed another
}

TEST_F(ReuseTest, OneThatWasClosedMeanwhileIsLeftAlone) {
  const auto before = connections();
  ask("then-close");
  // Nothing to wait for but the end of the connection, which the other process sends when it likes.
  for (int count = 0; count < 50; ++count) EXPECT_EQ(ask("then-close"), "bye");
  EXPECT_GT(connections(), before + 40);
}

TEST_F(ReuseTest, ARequestThatMayBeRepeatedIsSentAgainOnce) {
  EXPECT_EQ(ask("once/a"), "once");
  EXPECT_EQ(ask("ok/repeated"), "fine repeated");
  EXPECT_EQ(times("GET /ok/repeated"), 2u);
}

TEST_F(ReuseTest, ARequestThatMayNotBeRepeatedFails) {
  EXPECT_EQ(ask("once/b"), "once");
  Heard heard;
  complete(request(server().url("plain", "ok/posted"), "POST", "x"), heard);
  EXPECT_EQ(heard.code(), Errc::kIo) << heard.why();
  EXPECT_THAT(heard.why(), HasSubstr("without an answer"));
  EXPECT_EQ(times("POST /ok/posted"), 1u);
}

TEST_F(ReuseTest, AFreshConnectionIsNotRepeated) {
  Heard heard;
  complete(plain("hang-up"), heard);
  EXPECT_EQ(heard.code(), Errc::kIo);
  EXPECT_EQ(times("GET /hang-up"), 1u);
}

TEST_F(ReuseTest, TheyGrowOldAndAreCounted) {
  make_client({.pool = {.age = 20ms, .per_place = 2, .all = 2}});
  Heard first, second, third;
  start(plain("ok"), first);
  start(plain("ok"), second);
  start(plain("ok"), third);
  ASSERT_TRUE(ends(first) && ends(second) && ends(third));
  EXPECT_LE(client->spare(), 2u);
  EXPECT_TRUE(test::run_until(loop, [&] { return client->spare() == 0; }));
}

TEST_F(ReuseTest, WhatMayLeaveTheMachineIsKeptApart) {
  ask("ok");
  const auto before = connections();
  Heard heard;
  auto what = plain("ok");
  what.loopback_only = true;
  complete(std::move(what), heard);
  EXPECT_EQ(heard.why(), "");
  EXPECT_EQ(connections(), before + 1);
}

}  // namespace
}  // namespace baton::http
