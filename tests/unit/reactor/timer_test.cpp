#include "reactor/timer.hpp"

#include <optional>
#include <vector>

#include <gmock/gmock.h>

#include "reactor/scope.hpp"
#include "tests/support/run_task.hpp"

namespace baton::reactor {
namespace {

using namespace std::chrono_literals;

Task<> note_sleep(Loop& loop, std::chrono::nanoseconds duration, std::vector<int>* order, int number) {
  co_await sleep_for(loop, duration);
  order->push_back(number);
}

TEST(SleepFor, WaitsAtLeastSoLongAndLetsOthersRun) {
  Loop loop;
  std::vector<int> order;
  Scope scope(loop);
  const auto begin = std::chrono::steady_clock::now();
  scope.spawn(note_sleep(loop, 20ms, &order, 2));
  scope.spawn(note_sleep(loop, 1ms, &order, 1));
  EXPECT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
  EXPECT_THAT(order, ::testing::ElementsAre(1, 2));
}

TEST(SleepFor, EndsAtOnceForNothing) {
  Loop loop;
  std::vector<int> order;
  Scope scope(loop);
  scope.spawn(note_sleep(loop, 0ns, &order, 1));
  scope.spawn(note_sleep(loop, -5s, &order, 2));
  EXPECT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
}

TEST(Ticker, CallsUntilItIsDestroyed) {
  Loop loop;
  int ticks = 0;
  const auto begin = std::chrono::steady_clock::now();
  std::optional<Ticker> ticker(std::in_place, loop, 1ms, [&] { ++ticks; });
  EXPECT_TRUE(test::run_until(loop, [&] { return ticks >= 3; }));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 3ms);
  ticker.reset();
  const int before = ticks;
  loop.context().restart();
  loop.context().run();  // ends, since nothing is left to wait for
  EXPECT_EQ(ticks, before);
}

TEST(Ticker, MayBeDestroyedByItsAction) {
  Loop loop;
  int ticks = 0;
  std::optional<Ticker> ticker;
  ticker.emplace(loop, 1ms, [&] {
    ++ticks;
    ticker.reset();
  });
  loop.run();
  EXPECT_EQ(ticks, 1);
}

// Both have expired when the loop turns; the first destroys the second, whose wait is already done.
TEST(Ticker, IsSilentOnceDestroyedEvenWhenItsTimeHadCome) {
  Loop loop;
  int ticks = 0;
  std::optional<Ticker> second;
  Deadline first(loop, 0ns, [&] { second.reset(); });
  second.emplace(loop, 0ns, [&] { ++ticks; });
  loop.run();
  EXPECT_EQ(ticks, 0);
}

TEST(Ticker, FiresOnceAfterALateTurn) {
  Loop loop;
  int ticks = 0;
  const Ticker ticker(loop, 1ms, [&] { ++ticks; });
  const auto late = std::chrono::steady_clock::now() + 30ms;
  while (std::chrono::steady_clock::now() < late) {
  }
  loop.context().poll_one();
  EXPECT_EQ(ticks, 1);
  loop.context().poll();
  EXPECT_LE(ticks, 2);
}

TEST(Deadline, CallsOnceAndNotBefore) {
  Loop loop;
  int calls = 0;
  const auto begin = std::chrono::steady_clock::now();
  const Deadline deadline(loop, 5ms, [&] { ++calls; });
  loop.run();
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 5ms);
  EXPECT_EQ(calls, 1);
}

TEST(Deadline, CallsNothingWhenDestroyedBefore) {
  Loop loop;
  int calls = 0;
  {
    const Deadline deadline(loop, 1h, [&] { ++calls; });
  }
  loop.run();  // ends at once
  EXPECT_EQ(calls, 0);
}

TEST(Deadline, IsSilentOnceDestroyedEvenWhenItsTimeHadCome) {
  Loop loop;
  int calls = 0;
  std::optional<Deadline> second;
  const Deadline first(loop, 0ns, [&] { second.reset(); });
  second.emplace(loop, 0ns, [&] { ++calls; });
  loop.run();
  EXPECT_EQ(calls, 0);
}

TEST(Deadline, MayBeDestroyedByItsAction) {
  Loop loop;
  std::optional<Deadline> deadline;
  int calls = 0;
  deadline.emplace(loop, 0ns, [&] {
    deadline.reset();
    ++calls;
  });
  loop.run();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace baton::reactor
