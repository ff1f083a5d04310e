#include "reactor/signals.hpp"

#include <unistd.h>

#include <csignal>
#include <optional>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/run_task.hpp"

namespace baton::reactor {
namespace {

TEST(Signals, CallEachTimeOneArrives) {
  Loop loop;
  std::vector<int> seen;
  const Signals signals(loop, {SIGUSR1, SIGUSR2}, [&](int number) { seen.push_back(number); });
  ::raise(SIGUSR1);
  EXPECT_TRUE(test::run_until(loop, [&] { return seen.size() == 1; }));
  ::raise(SIGUSR2);
  EXPECT_TRUE(test::run_until(loop, [&] { return seen.size() == 2; }));
  EXPECT_THAT(seen, ::testing::ElementsAre(SIGUSR1, SIGUSR2));
}

TEST(Signals, MakeAClosedPipeAnErrorValue) {
  Loop loop;
  const Signals signals(loop, {SIGUSR1}, [](int) {});
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
}

TEST(Signals, LeaveTheLoopFreeToEnd) {
  Loop loop;
  {
    const Signals signals(loop, {SIGUSR1}, [](int) {});
  }
  loop.run();
}

// One signal reaches both; the first action destroys the other, whose call is already on its way.
TEST(Signals, AreSilentOnceDestroyed) {
  Loop loop;
  int calls = 0;
  std::optional<Signals> one;
  std::optional<Signals> other;
  one.emplace(loop, std::initializer_list<int>{SIGUSR1}, [&](int) {
    ++calls;
    other.reset();
  });
  other.emplace(loop, std::initializer_list<int>{SIGUSR1}, [&](int) {
    ++calls;
    one.reset();
  });
  ::raise(SIGUSR1);
  EXPECT_TRUE(test::run_until(loop, [&] { return calls > 0; }));
  loop.context().restart();
  loop.context().poll();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace baton::reactor
