#include "plugin_check/scripted_children.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "reactor/manual_time.hpp"

namespace baton::plugin_check {
namespace {

using namespace std::chrono_literals;

class ScriptedChildrenTest : public ::testing::Test {
 protected:
  // A program that plays `script`, and what is heard of it.
  struct Heard {
    std::string out, err;
    std::optional<process::Exit> exit;
    int drains = 0;
    std::size_t pieces = 0;
    std::unique_ptr<plugin::RunningChild> child;
  };
  std::unique_ptr<Heard> start(Script script, bool keep_stdin = false) {
    children.direct([script = std::move(script)](const auto&, auto) { return script; });
    auto heard = std::make_unique<Heard>();
    process::SpawnRequest request;
    request.argv = {"agent"};
    request.keep_stdin = keep_stdin;
    process::Child::Events events;
    events.on_output = [to = heard.get()](process::Stream stream, std::string_view bytes) {
      EXPECT_FALSE(to->exit) << "output after the exit";
      (stream == process::Stream::kStdout ? to->out : to->err) += bytes;
      ++to->pieces;
    };
    events.on_drain = [to = heard.get()] { ++to->drains; };
    events.on_exit = [to = heard.get()](const process::Exit& exit) { to->exit = exit; };
    heard->child = *children.spawn(std::move(request), std::move(events));
    return heard;
  }
  void turn() {
    do loop.context().restart();
    while (loop.context().poll() > 0);
  }
  void rest() {
    do turn();
    while (time.advance_to_next());
  }

  Chance chance{0};
  reactor::Loop loop;
  reactor::ManualTime time{loop};
  ScriptedChildren children{loop, chance};
};

TEST_F(ScriptedChildrenTest, PrintAndExitInTheirTime) {
  const auto heard = start(
      {.pieces = {{.bytes = "one"}, {.bytes = "oh", .stream = process::Stream::kStderr}, {.bytes = "two", .after = 2s}},
       .exit = {.code = 3},
       .exit_after = 1s});
  EXPECT_EQ(heard->out, "") << "nothing comes inside spawn";
  const auto began = time.monotonic_ns();
  turn();
  EXPECT_EQ(heard->out, "one");
  EXPECT_EQ(heard->err, "oh");
  rest();
  EXPECT_EQ(heard->out, "onetwo");
  ASSERT_TRUE(heard->exit);
  EXPECT_EQ(heard->exit->code, 3);
  EXPECT_EQ(time.monotonic_ns() - began, 3'000'000'000);
}

TEST_F(ScriptedChildrenTest, EchoUntilStdinIsClosed) {
  const auto heard = start({.echoes = true}, true);
  EXPECT_TRUE(heard->child->write("a"));
  rest();
  EXPECT_EQ(heard->out, "a");
  EXPECT_FALSE(heard->exit);
  EXPECT_TRUE(heard->child->write("b"));
  heard->child->close_stdin();
  EXPECT_FALSE(heard->child->write("c"));
  rest();
  EXPECT_EQ(heard->out, "ab");
  EXPECT_TRUE(heard->exit);
}

TEST_F(ScriptedChildrenTest, WaitForWhatTheyRead) {
  const auto heard =
      start({.pieces = {{.bytes = "1", .after_lines = 1}, {.bytes = "2", .after_stdin_end = true}}}, true);
  rest();
  EXPECT_EQ(heard->out, "");
  EXPECT_TRUE(heard->child->write("line\n"));
  rest();
  EXPECT_EQ(heard->out, "1");
  heard->child->close_stdin();
  rest();
  EXPECT_EQ(heard->out, "12");
}

TEST_F(ScriptedChildrenTest, SayWhenThereIsRoomAgain) {
  const auto heard = start({.hangs = true}, true);
  EXPECT_TRUE(heard->child->write(std::string(1024 * 1024, 'x')));
  const auto more = heard->child->write("y");
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Errc::kUnavailable);
  turn();
  EXPECT_EQ(heard->drains, 1);
  EXPECT_TRUE(heard->child->write("y"));
}

TEST_F(ScriptedChildrenTest, RefuseTheFirstWrites) {
  children.refuse_writes(1);
  const auto heard = start({.echoes = true}, true);
  EXPECT_FALSE(heard->child->write("a"));
  EXPECT_EQ(heard->drains, 0) << "nothing comes inside write";
  turn();
  EXPECT_EQ(heard->drains, 1);
  EXPECT_TRUE(heard->child->write("b"));
  rest();
  EXPECT_EQ(heard->out, "b");
}

// As a plugin does that closes its process inside its callback.
TEST_F(ScriptedChildrenTest, MayBeForgottenInTheirOwnCallback) {
  children.direct([](const auto&, auto) { return Script{.pieces = {{.bytes = "a"}, {.bytes = "b"}}}; });
  std::unique_ptr<plugin::RunningChild> child;
  std::string out;
  process::Child::Events events;
  events.on_output = [&, marker = std::string(100, 'x')](process::Stream, std::string_view bytes) {
    child.reset();
    out += bytes;
    EXPECT_EQ(marker, std::string(100, 'x')) << "what is called lives until it returns";
  };
  child = *children.spawn({}, std::move(events));
  rest();
  EXPECT_EQ(out, "a");
}

TEST_F(ScriptedChildrenTest, DieOfASignalOrDoWhatTheyWereTold) {
  const auto dies = start({.hangs = true});
  turn();
  EXPECT_TRUE(dies->child->signal(SIGINT));
  turn();
  ASSERT_TRUE(dies->exit);
  EXPECT_EQ(dies->exit->signal, SIGINT);
  EXPECT_FALSE(dies->child->signal(SIGINT));

  Script stubborn{.hangs = true};
  stubborn.reactions[SIGINT] = {.pieces = {{.bytes = "no"}}};
  const auto lives = start(stubborn);
  turn();
  EXPECT_TRUE(lives->child->signal(SIGINT));
  rest();
  EXPECT_EQ(lives->out, "no");
  EXPECT_FALSE(lives->exit);
}

TEST_F(ScriptedChildrenTest, AreKilledAfterTheGrace) {
  Script deaf{.hangs = true};
  deaf.reactions[SIGTERM] = {};
  const auto heard = start(deaf);
  turn();
  heard->child->stop(5s);
  turn();
  EXPECT_FALSE(heard->exit);
  rest();
  ASSERT_TRUE(heard->exit);
  EXPECT_EQ(heard->exit->signal, SIGKILL);
  EXPECT_TRUE(heard->exit->forced);
  EXPECT_EQ(children.spawned().front().signals, (std::vector<int>{SIGTERM, SIGKILL}));
}

TEST_F(ScriptedChildrenTest, SayNothingWhilePausedOrForgotten) {
  const auto heard = start({.pieces = {{.bytes = "a"}, {.bytes = "b"}}});
  heard->child->pause(true);
  rest();
  EXPECT_EQ(heard->out, "");
  heard->child->pause(false);
  rest();
  EXPECT_EQ(heard->out, "ab");
  EXPECT_TRUE(heard->exit);

  const auto forgotten = start({.pieces = {{.bytes = "a"}}});
  forgotten->child.reset();
  rest();
  EXPECT_EQ(forgotten->out, "");
  EXPECT_FALSE(forgotten->exit);
  EXPECT_TRUE(children.spawned().back().forgotten);
  EXPECT_EQ(children.alive(), 0U);
}

TEST_F(ScriptedChildrenTest, RefuseToStart) {
  children.direct([](const auto&, auto) -> Result<Script> { return fail(Errc::kNotFound, "no such program"); });
  EXPECT_FALSE(children.spawn({}, {}));
  EXPECT_TRUE(children.spawned().empty());
}

// By chance pieces are smaller and several programs take turns, but each one's bytes stay in their order.
TEST_F(ScriptedChildrenTest, KeepTheirOrderByChance) {
  chance = Chance(7);
  std::vector<std::unique_ptr<Heard>> all;
  for (int number = 0; number < 5; ++number)
    all.push_back(start({.pieces = {{.bytes = "0123456789"}, {.bytes = "abcdef"}}}));
  rest();
  std::size_t pieces = 0;
  for (const auto& heard : all) {
    EXPECT_EQ(heard->out, "0123456789abcdef");
    EXPECT_TRUE(heard->exit);
    pieces += heard->pieces;
  }
  EXPECT_GT(pieces, 10U);
}

}  // namespace
}  // namespace baton::plugin_check
