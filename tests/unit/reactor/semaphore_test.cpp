#include "reactor/semaphore.hpp"

#include <numeric>
#include <vector>

#include <gmock/gmock.h>

#include "reactor/scope.hpp"
#include "tests/support/run_task.hpp"

namespace baton::reactor {
namespace {

using ::testing::ElementsAre;

// What a number of workers behind one semaphore did.
struct Work {
  std::vector<int> order;  // in which they got their places
  int inside = 0;
  int most_inside = 0;
};

Task<> work(Semaphore& semaphore, Event& go, int number, Work& log) {
  const auto permit = co_await semaphore.acquire();
  log.order.push_back(number);
  log.most_inside = std::max(log.most_inside, ++log.inside);
  co_await go.wait();
  --log.inside;
}

TEST(Semaphore, LetsInAsManyAsItSays) {
  Loop loop;
  Semaphore semaphore(loop, 2);
  Event go(loop);
  Work log;
  Scope scope(loop);
  for (int i = 0; i < 5; ++i) scope.spawn(work(semaphore, go, i, log));
  loop.context().poll();
  EXPECT_EQ(log.inside, 2);
  const auto finished = [&] {
    go.notify_all();
    return scope.alive() == 0;
  };
  EXPECT_TRUE(test::run_until(loop, finished));
  EXPECT_EQ(log.most_inside, 2);
  EXPECT_THAT(log.order, ElementsAre(0, 1, 2, 3, 4));
}

TEST(Semaphore, ServesInTheOrderOfArrivalAmongMany) {
  Loop loop;
  Semaphore semaphore(loop, 3);
  Event go(loop);
  Work log;
  Scope scope(loop);
  for (int i = 0; i < 200; ++i) scope.spawn(work(semaphore, go, i, log));
  const auto finished = [&] {
    go.notify_all();
    return scope.alive() == 0;
  };
  ASSERT_TRUE(test::run_until(loop, finished));
  std::vector<int> expected(200);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(log.order, expected);
  EXPECT_EQ(log.most_inside, 3);
}

// Who comes while somebody waits goes behind, also when a place was given back in between.
TEST(Semaphore, DoesNotLetANewcomerOvertake) {
  Loop loop;
  Semaphore semaphore(loop, 1);
  Event first(loop);
  Event later(loop);
  Work log;
  Scope scope(loop);
  scope.spawn(work(semaphore, first, 0, log));
  loop.context().poll();
  scope.spawn(work(semaphore, later, 1, log));
  loop.context().poll();
  first.notify_all();
  scope.spawn(work(semaphore, later, 2, log));
  const auto finished = [&] {
    later.notify_all();
    return scope.alive() == 0;
  };
  EXPECT_TRUE(test::run_until(loop, finished));
  EXPECT_THAT(log.order, ElementsAre(0, 1, 2));
  EXPECT_EQ(log.most_inside, 1);
}

Task<> hand_over(Semaphore& semaphore, int* inside) {
  auto permit = co_await semaphore.acquire();
  const Semaphore::Permit moved = std::move(permit);
  ++*inside;
}

TEST(Semaphore, TakesAMovedPermitBackOnce) {
  Loop loop;
  Semaphore semaphore(loop, 1);
  int inside = 0;
  Scope scope(loop);
  for (int i = 0; i < 3; ++i) scope.spawn(hand_over(semaphore, &inside));
  EXPECT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  EXPECT_EQ(inside, 3);
  Event go(loop);
  Work log;
  for (int i = 0; i < 2; ++i) scope.spawn(work(semaphore, go, i, log));
  loop.context().poll();
  EXPECT_EQ(log.inside, 1);
  const auto finished = [&] {
    go.notify_all();
    return scope.alive() == 0;
  };
  EXPECT_TRUE(test::run_until(loop, finished));
}

}  // namespace
}  // namespace baton::reactor
