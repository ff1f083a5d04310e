// What the executor hands to a living run, and which servers it is told of.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

using Mode = runtime::Input::Mode;

class RunInputTest : public PluginTest {
 protected:
  RunInputTest() {
    install("asks");
    add("one", "test.asks");
    load();
  }
  static Errc refusal(const Result<Unit>& given) { return given ? Errc::kInternal : given.error().code; }
};

// The run takes one, is busy for a moment, and says with a status when it is free again.
TEST_F(RunInputTest, ComesInOrderAndAgainAfterAStatusWhenItWasNotTaken) {
  KeepingListener listener;
  const auto running = start(request("take input"), listener);
  EXPECT_TRUE(running->input({Mode::kSteer, "a"}));
  EXPECT_TRUE(running->input({Mode::kFollowUp, "b"}));
  EXPECT_TRUE(running->input({Mode::kSteer, "end"}));
  EXPECT_TRUE(listener.events.empty()) << "in a later turn";
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.words(), "steer=a not-now follow=b not-now steer=end ");
}

// Else it would be asked in each turn for ever.
TEST_F(RunInputTest, AStatusInsideTheQuestionIsNoNewChance) {
  KeepingListener listener;
  const auto running = start(request("take input"), listener);
  EXPECT_TRUE(running->input({Mode::kSteer, "busy for ever"}));
  ASSERT_TRUE(test::run_until(loop, [&] { return !listener.events.empty(); }));
  for (int turn = 0; turn < 20; ++turn) loop.context().poll(), loop.context().restart();
  EXPECT_THAT(listener.events, ::testing::ElementsAre("status busy 0"));
}

TEST_F(RunInputTest, OneThatIsRefusedIsGoneAndTheNextComes) {
  KeepingListener listener;
  const auto running = start(request("take input"), listener);
  EXPECT_TRUE(running->input({Mode::kSteer, "refuse me"}));
  EXPECT_TRUE(running->input({Mode::kSteer, "end"}));
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.words(), "steer=end ");
}

TEST_F(RunInputTest, WaitsOnlySoMuch) {
  KeepingListener listener;
  const auto running = start(request("take input"), listener);
  EXPECT_EQ(refusal(running->input({Mode::kSteer, std::string(1024 * 1024 + 1, 'x')})), Errc::kTooLarge);
  EXPECT_TRUE(running->input({Mode::kSteer, std::string(1024 * 1024, 'x')}));
  for (int count = 1; count < 64; ++count) EXPECT_TRUE(running->input({Mode::kSteer, "x"})) << count;
  EXPECT_EQ(refusal(running->input({Mode::kSteer, "x"})), Errc::kTooLarge);
}

TEST_F(RunInputTest, AfterTheEndThereIsNobodyToTakeIt) {
  KeepingListener listener;
  const auto running = start(request("servers"), listener);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(refusal(running->input({Mode::kSteer, "late"})), Errc::kConflict);
}

TEST_F(RunInputTest, WhatWaitsWhenTheRunEndsIsDropped) {
  KeepingListener listener;
  const auto running = start(request("take input"), listener);
  EXPECT_TRUE(running->input({Mode::kSteer, "end"}));
  EXPECT_TRUE(running->input({Mode::kSteer, "never seen"}));
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.words(), "steer=end ");
}

TEST_F(RunInputTest, ServersOfTheRunAreInItsRequest) {
  auto what = request("servers");
  what.mcp = {{"board", "http://127.0.0.1:1/mcp", "token"}, {"memory", "http://127.0.0.1:2/mcp", ""}};
  KeepingListener listener;
  const auto running = start(what, listener);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.words(),
            "name=board url=http://127.0.0.1:1/mcp bearer=token name=memory url=http://127.0.0.1:2/mcp bearer= ");
}

class RunWithoutInputTest : public PluginTest {};

TEST_F(RunWithoutInputTest, AModeThatIsNotClaimedIsRefused) {
  install("scripted");
  add("one", "test.scripted");
  load();
  KeepingListener listener;
  const auto running = start(request("nothing in particular"), listener);
  const auto given = running->input({Mode::kSteer, "x"});
  ASSERT_FALSE(given);
  EXPECT_EQ(given.error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace baton::plugin
