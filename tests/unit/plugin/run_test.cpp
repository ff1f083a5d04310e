// The host's side of a run, against a plugin in plain C that does what the prompt says.
#include <chrono>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "process/keeper.hpp"
#include "process/ledger.hpp"
#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class RunTest : public PluginTest {
 protected:
  RunTest() {
    install("scripted");
    add("one", "test.scripted");
  }
  InstanceSettings& instance() { return settings.instances[0]; }
};

TEST_F(RunTest, EventsComeInOrderAndTheEndComesLast) {
  load();
  const auto heard = complete("everything");
  EXPECT_THAT(heard.events,
              ElementsAre("text hello", "thought hm", "call 1 bash {\"a\":1}", "result 1 false no", "status wait 2000",
                          "usage true 1 2 3 -1 5", "session s1 token", "custom test.note [1]"));
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kSuccess);
  EXPECT_EQ(heard.outcome->summary, "done");
  EXPECT_EQ(misbehaviour().total(), 0u);
}

TEST_F(RunTest, NothingIsHeardInsideStart) {
  load();
  KeepingListener listener;
  const auto running = start(request("everything"), listener);
  EXPECT_TRUE(listener.events.empty());
  EXPECT_FALSE(listener.outcome);
  EXPECT_TRUE(ends(listener));
}

TEST_F(RunTest, ARefusalThatLeftAProcessIsTheEndOnceThatIsGone) {
  auto ledger = process::Ledger::open(directory / "ledger");
  process::Keeper keeper(*ledger);
  settings.keeper = &keeper;
  host = std::make_unique<Host>(loop, clock, &*ledger, settings);
  run(host->load());
  KeepingListener listener;
  const auto running = start(request("refuse after spawn"), listener);
  EXPECT_FALSE(ledger->living().empty());
  ASSERT_TRUE(ends(listener));
  EXPECT_TRUE(ledger->living().empty());
  EXPECT_EQ(listener.outcome->end, runtime::EndKind::kFailed);
  EXPECT_EQ(listener.outcome->detail, "one: I do not want to");
  EXPECT_TRUE(listener.events.empty());
  shut_down();
}

TEST_F(RunTest, ARefusedStartIsHeardOfOnlyAsAnError) {
  load();
  for (const char* prompt : {"refuse", "refuse after finish"}) {
    KeepingListener listener;
    const auto refused = runtime().start(request(prompt), listener);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::kDenied);
    EXPECT_EQ(refused.error().what, "one: I do not want to");
    EXPECT_THAT(complete("report").events, ElementsAre(HasSubstr("late_fires=0")));
    EXPECT_TRUE(listener.events.empty());
    EXPECT_FALSE(listener.outcome);
  }
}

TEST_F(RunTest, ASecondFinishIsStaleAndCounted) {
  load();
  EXPECT_EQ(complete("finish twice").outcome->summary, "done");
  EXPECT_THAT(complete("report").events, ElementsAre(HasSubstr("finish=-3")));
  EXPECT_EQ(misbehaviour().late_call, 1u);
}

TEST_F(RunTest, AnEventAfterTheEndIsStaleAndNotHeard) {
  load();
  EXPECT_TRUE(complete("emit late").events.empty());
  EXPECT_THAT(complete("report").events, ElementsAre(HasSubstr("emit=-3")));
}

TEST_F(RunTest, WhatARunOwnsEndsWithIt) {
  load();
  complete("own nothing after");
  EXPECT_THAT(complete("report").events, ElementsAre("text start=-3 late_fires=0 releases=1"));
  EXPECT_EQ(misbehaviour().stale_handle, 1u);
  EXPECT_EQ(host->describe().instances[0].timers, 0u);
}

TEST_F(RunTest, BrokenTextIsRepairedAndCounted) {
  load();
  EXPECT_THAT(complete("broken text").events, ElementsAre("text a\xEF\xBF\xBD"
                                                          "b"));
  EXPECT_EQ(misbehaviour().broken_text, 1u);
}

TEST_F(RunTest, EventsThatBreakTheContractAreRefusedOneByOne) {
  load();
  EXPECT_THAT(complete("bad events").events,
              ElementsAre("text kind=-1", "text size=-1", "text null=-1", "text x", "text longer=0", "text wanting=-2",
                          "text json=-1", "text huge=-5", "text wrapped=-5", "text nowhere=-1", "text result=-1"));
  EXPECT_EQ(misbehaviour().broken_struct, 9u);
}

TEST_F(RunTest, ASlowCallIsCounted) {
  load();
  complete("slow");
  EXPECT_GE(host->describe().instances[0].misbehaviour.slow_call, 1u);
}

TEST_F(RunTest, ACancelledRunSaysSo) {
  load();
  KeepingListener listener;
  const auto running = start(request("wait"), listener);
  running->cancel(runtime::CancelReason::kBudget);
  running->cancel(runtime::CancelReason::kUser);
  EXPECT_FALSE(listener.outcome);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.outcome->end, runtime::EndKind::kCancelled);  // the plugin said "crashed"
  EXPECT_EQ(listener.outcome->summary, "cancelled because 3");
  running->cancel(runtime::CancelReason::kUser);
}

TEST_F(RunTest, ARunThatNeverFinishesIsFinishedByTheHost) {
  load();
  KeepingListener listener;
  const auto running = start(request("never"), listener);
  running->cancel(runtime::CancelReason::kUser);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.outcome->end, runtime::EndKind::kCancelled);
  EXPECT_EQ(misbehaviour().missing_end, 1u);
  EXPECT_THAT(complete("report").events, ElementsAre(HasSubstr("releases=1")));
}

TEST_F(RunTest, SilenceEndsARunAsATimeout) {
  instance().silence = 30ms;
  instance().cancel = 20ms;
  load();
  for (const char* prompt : {"wait", "never"}) {
    const auto heard = complete(prompt);
    EXPECT_EQ(heard.outcome->end, runtime::EndKind::kFailed);
    EXPECT_EQ(heard.outcome->error_class, runtime::ErrorClass::kTimeout);
    EXPECT_THAT(heard.outcome->detail, HasSubstr("no event for 0.03 s"));
  }
}

TEST_F(RunTest, TheDeadlineOfTheRequestEndsARun) {
  load();
  auto what = request("wait");
  what.deadline_ns = clock.monotonic_ns() + 20'000'000;
  KeepingListener listener;
  const auto running = start(what, listener);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.outcome->error_class, runtime::ErrorClass::kTimeout);
  EXPECT_THAT(listener.outcome->detail, HasSubstr("its time was over"));
}

TEST_F(RunTest, ADroppedRunIsCancelledInSilence) {
  load();
  KeepingListener listener;
  start(request("wait"), listener).reset();
  EXPECT_TRUE(test::run_until(loop, [&] { return host->describe().instances[0].runs == 0; }));
  EXPECT_TRUE(listener.events.empty());
  EXPECT_FALSE(listener.outcome);
}

// A listener that does inside a call what only makes sense there.
class BusyListener final : public runtime::Listener {
 public:
  void on_event(const runtime::Event&) override { run->cancel(runtime::CancelReason::kUser); }
  void on_end(const runtime::Outcome&) override {
    run.reset();
    ended = true;
  }
  std::unique_ptr<runtime::Run> run;
  bool ended = false;
};

TEST_F(RunTest, AListenerMayCancelAndDropItsRun) {
  load();
  BusyListener listener;
  auto started = runtime().start(request("broken text"), listener);
  ASSERT_TRUE(started);
  listener.run = std::move(*started);
  EXPECT_TRUE(test::run_until(loop, [&] { return listener.ended; }));
}

TEST_F(RunTest, TimersFireLaterAndCanBeClosedInside) {
  load();
  EXPECT_THAT(complete("timers").events,
              ElementsAre("text negative=-1", "text short=-1", "text once=-3", "text close=0", "text again=-3"));
}

TEST_F(RunTest, FilesStayBeneathTheHomeOfTheRun) {
  load();
  auto what = request("files");
  what.home_dir = directory / "work";
  KeepingListener listener;
  const auto running = start(what, listener);
  ASSERT_TRUE(ends(listener));
  EXPECT_THAT(listener.events,
              ElementsAre("text above=-1", "text absolute=-1", "text ungranted=-6", "text forgotten=0", "text close=0",
                          "text wrote=0", "text missing=-7", "text read=0", "text content"));
  EXPECT_EQ(test::read_file(directory.path() / "work" / "sub" / "file"), "content");
}

TEST_F(RunTest, OnlyDeclaredProgramsAreStarted) {
  load();
  EXPECT_THAT(complete("denied").events, ElementsAre("text spawn=-6", "text spawn=-6"));
}

TEST_F(RunTest, SpawnsThatBreakTheContractStartNothing) {
  load();
  EXPECT_THAT(complete("bad spawns").events,
              ElementsAre("text empty=-1", "text zero byte=-1", "text env nowhere=-1", "text env name=-1",
                          "text line=-5", "text cwd=-1", "text owner=-3", "text no events=-1"));
  EXPECT_EQ(host->describe().instances[0].processes, 0u);
}

TEST_F(RunTest, ProcessesOfARunAreBoundedAndEndWithIt) {
  load();
  EXPECT_THAT(complete("too many").events,
              ElementsAre("text started=8", "text kill=-1", "text stop=-1", "text write=-4", "text pause=0",
                          "text close=0", "text again=-3", "text stale=-3"));
  EXPECT_EQ(host->describe().instances[0].processes, 0u);
}

TEST_F(RunTest, OutputComesAsLinesAndTheExitLast) {
  load();
  EXPECT_THAT(complete("lines").events,
              ElementsAre("text spawn=0", "text 1/0:ab", "text 1/1:abcd", "text 1/1:efgh", "text 1/2:ij",
                          "text 1/0:", "text 1/0:end", "text exit 0/0", "text write=-3"));
}

TEST_F(RunTest, AHeldRunIsNotHeard) {
  load();
  KeepingListener listener;
  const auto running = start(request("ticks"), listener);
  ASSERT_TRUE(test::run_until(loop, [&] { return listener.events.size() > 3; }));
  running->hold(true);
  const auto before = listener.events.size();
  complete("timers");  // some ticks later
  EXPECT_EQ(listener.events.size(), before);
  running->hold(false);
  ASSERT_TRUE(test::run_until(loop, [&] { return listener.events.size() > before + 2; }));
  running->hold(true);
  running->cancel(runtime::CancelReason::kUser);
  EXPECT_TRUE(ends(listener)) << "the end comes all the same";
}

// What is not a source of the host's, a timer or a thread, cannot be paused; it must not fill the memory.
TEST_F(RunTest, AHeldRunThatGoesOnEndsAsAFlood) {
  load();
  KeepingListener listener;
  const auto running = start(request("megabytes"), listener);
  running->hold(true);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.outcome->error_class, runtime::ErrorClass::kProtocol);
  EXPECT_EQ(listener.events.size(), 16u);
}

TEST_F(RunTest, AHeldRunIsNotSilent) {
  instance().silence = 30ms;
  load();
  KeepingListener listener;
  const auto running = start(request("wait"), listener);
  running->hold(true);
  for (int times = 0; times < 3; ++times) complete("wait");  // each ends by its silence
  EXPECT_FALSE(listener.outcome);
  running->hold(false);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.outcome->error_class, runtime::ErrorClass::kTimeout);
}

TEST_F(RunTest, AFloodOfEventsEndsTheRun) {
  load();
  const auto flooded = complete("flood");
  ASSERT_TRUE(flooded.outcome);
  EXPECT_EQ(flooded.outcome->end, runtime::EndKind::kFailed);
  EXPECT_EQ(flooded.outcome->error_class, runtime::ErrorClass::kProtocol);
  EXPECT_EQ(flooded.events.size(), 16u);
  EXPECT_EQ(misbehaviour().event_flood, 1u);
  EXPECT_EQ(complete("report").words(), "said=16 then=-3 late_fires=0 releases=1");
}

}  // namespace
}  // namespace baton::plugin
