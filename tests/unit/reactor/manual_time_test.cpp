#include "reactor/manual_time.hpp"

#include <optional>
#include <vector>

#include <gmock/gmock.h>

#include "reactor/scope.hpp"
#include "reactor/timer.hpp"
#include "tests/support/run_task.hpp"

namespace baton::reactor {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

void run_what_is_ready(Loop& loop) {
  loop.context().restart();
  loop.context().poll();
}

TEST(ManualTime, StandsStillUntilItIsMoved) {
  Loop loop;
  ManualTime time(loop);
  int fired = 0;
  const Deadline deadline(loop, 1h, [&] { ++fired; });
  run_what_is_ready(loop);
  EXPECT_EQ(fired, 0);
  const auto before = time.monotonic_ns();
  const auto wall = time.unix_ms();
  EXPECT_TRUE(time.advance_to_next());
  EXPECT_EQ(fired, 0) << "not inside the call";
  run_what_is_ready(loop);
  EXPECT_EQ(fired, 1);
  EXPECT_EQ(time.monotonic_ns() - before, std::chrono::nanoseconds(1h).count());
  EXPECT_EQ(time.unix_ms() - wall, 3'600'000);
  EXPECT_FALSE(time.advance_to_next());
}

TEST(ManualTime, FiresInTheOrderOfTheMomentsAndThenOfSetting) {
  Loop loop;
  ManualTime time(loop);
  std::vector<int> order;
  const Deadline third(loop, 20ms, [&] { order.push_back(3); });
  const Deadline first(loop, 10ms, [&] { order.push_back(1); });
  const Deadline second(loop, 10ms, [&] { order.push_back(2); });
  time.advance(1s);
  run_what_is_ready(loop);
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(ManualTime, ATimerThatWasDestroyedStaysSilent) {
  Loop loop;
  ManualTime time(loop);
  int fired = 0;
  std::optional<Deadline> deadline(std::in_place, loop, 1ms, [&] { ++fired; });
  std::optional<Ticker> ticker(std::in_place, loop, 1ms, [&] { ++fired; });
  time.advance_to_next();  // both are due, and posted
  deadline.reset();
  ticker.reset();
  run_what_is_ready(loop);
  EXPECT_EQ(fired, 0);
  EXPECT_FALSE(time.advance_to_next());
}

TEST(ManualTime, TickersAndSleepersObeyIt) {
  Loop loop;
  ManualTime time(loop);
  int ticks = 0;
  const Ticker ticker(loop, 10ms, [&] { ++ticks; });
  Scope scope(loop);
  scope.spawn([](Loop& on) -> Task<> { co_await sleep_for(on, 25ms); }(loop));
  run_what_is_ready(loop);
  for (int step = 0; step < 3; ++step) {
    time.advance(10ms);
    run_what_is_ready(loop);
  }
  EXPECT_EQ(ticks, 3);
  EXPECT_EQ(scope.alive(), 0u);
}

}  // namespace
}  // namespace baton::reactor
