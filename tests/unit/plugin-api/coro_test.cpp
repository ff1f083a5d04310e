// Coroutines over the callbacks: they go on in the callback, end with their owner, and fail at its guard.
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "baton/cpp/coro.hpp"
#include "baton/cpp/process.hpp"
#include "tests/unit/plugin-api/noting_host.hpp"

namespace baton::plugin {
namespace {

constexpr baton_run kRun{5};
using Words = std::vector<std::string>;

struct Coroutines : ::testing::Test {
  NotingHost noting;
  Host host{&noting.table};
  Timers timers = host.need<Timers>();
  Processes processes = host.need<Processes>();
  Words said;

  Task<int> answer(int value) {
    const auto second = std::chrono::seconds(1);
    co_await sleep(timers, kRun, second);
    if (value < 0) throw std::runtime_error("negative");
    co_return value;
  }
  Task<> sums() {
    const int one = co_await answer(1);
    const int two = co_await answer(2);
    said.push_back("sum " + std::to_string(one + two));
  }
  Task<> catches() {
    try {
      (void)co_await answer(-1);
    } catch (const std::runtime_error& error) {
      said.push_back(error.what());
    }
  }
  Task<> fails() { (void)co_await answer(-1); }
  Task<> waits_for_exit() {
    Completion<baton_exit> ended;
    Process::Events events;
    events.on_exit = ended.callback();
    Process process;
    const Spawn spawn;
    processes.spawn(kRun, spawn, std::move(events), process).or_throw("spawn");
    const baton_exit exit = co_await ended;
    said.push_back("exit " + std::to_string(exit.code));
  }
};

TEST_F(Coroutines, BeginWhenTheyAreStarted) {
  Task<> task = sums();
  EXPECT_TRUE(noting.timers.empty());
  task.start();
  ASSERT_EQ(noting.timers.size(), 1u);
  EXPECT_EQ(noting.timers[0].delay_ns, 1'000'000'000);
  noting.fire(0);
  ASSERT_EQ(noting.timers.size(), 2u);
  EXPECT_FALSE(task.done());
  noting.fire(1);
  EXPECT_TRUE(task.done());
  EXPECT_EQ(said, Words{"sum 3"});
  EXPECT_EQ(noting.closed, 0);  // both had fired
}

TEST_F(Coroutines, EndWhatTheyWaitForWithTheirOwner) {
  {
    Task<> task = sums();
    task.start();
  }
  EXPECT_EQ(noting.closed, 1);
  EXPECT_TRUE(said.empty());
}

TEST_F(Coroutines, PassExceptionsToWhoAwaits) {
  Task<> task = catches();
  task.start();
  noting.fire(0);
  EXPECT_EQ(said, Words{"negative"});
  EXPECT_TRUE(task.done());
  EXPECT_TRUE(noting.ends.empty());
}

TEST_F(Coroutines, FailTheirRunWhenNobodyCatches) {
  Task<> task = fails();
  task.start();
  noting.fire(0);
  EXPECT_TRUE(task.done());
  EXPECT_EQ(noting.log, Words{"negative"});
  ASSERT_EQ(noting.ends.size(), 1u);
  EXPECT_EQ(noting.ends[0].detail, "negative");
}

TEST_F(Coroutines, SeeARefusedTimerAsAnException) {
  noting.timer_answer = BATON_E_LIMIT;
  Task<> task = fails();
  EXPECT_THROW(task.start(), Failure);
  EXPECT_TRUE(task.done());
}

TEST_F(Coroutines, AwaitTheExitOfAProcess) {
  Task<> task = waits_for_exit();
  task.start();
  EXPECT_TRUE(said.empty());
  noting.exit(3);
  EXPECT_EQ(said, Words{"exit 3"});
  EXPECT_TRUE(task.done());
}

TEST_F(Coroutines, CloseTheProcessWithTheirOwner) {
  {
    Task<> task = waits_for_exit();
    task.start();
  }
  EXPECT_EQ(noting.closed, 1);
}

TEST_F(Coroutines, ACompletionMayComeBeforeItIsAwaited) {
  Completion<int> early;
  const auto callback = early.callback();
  callback(1);
  callback(2);
  const auto take = [](Completion<int>& from, Words& into) -> Task<> {
    const int value = co_await from;
    into.push_back(std::to_string(value));
  };
  Task<> task = take(early, said);
  task.start();
  EXPECT_EQ(said, Words{"1"});
}

TEST_F(Coroutines, ACompletionThatHasGoneHearsNothing) {
  auto callback = Completion<int>().callback();
  callback(1);
}

}  // namespace
}  // namespace baton::plugin
