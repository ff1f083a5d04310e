#include "reactor/event.hpp"

#include <gmock/gmock.h>

#include "reactor/scope.hpp"
#include "tests/support/run_task.hpp"

namespace baton::reactor {
namespace {

Task<> count_wakes(Event& event, int times, int* wakes) {
  for (int i = 0; i < times; ++i) {
    co_await event.wait();
    ++*wakes;
  }
}

TEST(Event, WakesAllThatWait) {
  Loop loop;
  Event event(loop);
  Scope scope(loop);
  int wakes = 0;
  for (int i = 0; i < 3; ++i) scope.spawn(count_wakes(event, 1, &wakes));
  loop.context().poll();
  EXPECT_EQ(wakes, 0);
  event.notify_all();
  loop.context().poll();
  EXPECT_EQ(wakes, 3);
}

TEST(Event, WakesEachTime) {
  Loop loop;
  Event event(loop);
  Scope scope(loop);
  int wakes = 0;
  scope.spawn(count_wakes(event, 2, &wakes));
  loop.context().poll();
  event.notify_all();
  loop.context().poll();
  EXPECT_EQ(wakes, 1);
  event.notify_all();
  loop.context().poll();
  EXPECT_EQ(wakes, 2);
}

TEST(Event, RemembersNothing) {
  Loop loop;
  Event event(loop);
  event.notify_all();
  Scope scope(loop);
  int wakes = 0;
  scope.spawn(count_wakes(event, 1, &wakes));
  loop.context().poll();
  EXPECT_EQ(wakes, 0);
  event.notify_all();
  EXPECT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
}

TEST(Event, DoesNotRunWaitersInsideNotify) {
  Loop loop;
  Event event(loop);
  Scope scope(loop);
  int wakes = 0;
  scope.spawn(count_wakes(event, 1, &wakes));
  loop.context().poll();
  event.notify_all();
  EXPECT_EQ(wakes, 0);
  EXPECT_TRUE(test::run_until(loop, [&] { return wakes == 1; }));
}

}  // namespace
}  // namespace baton::reactor
