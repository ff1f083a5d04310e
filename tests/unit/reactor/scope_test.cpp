#include "reactor/scope.hpp"

#include <stdexcept>

#include <gmock/gmock.h>

#include "tests/support/run_task.hpp"

namespace baton::reactor {
namespace {

Task<> wait_for(Event& event, bool* ended) {
  co_await event.wait();
  *ended = true;
}

Task<> spawn_another(Scope& scope, Event& event, bool* ended) {
  co_await event.wait();
  scope.spawn(wait_for(event, ended));
}

Task<> throwing() {
  throw std::runtime_error("thrown by a task");
  co_return;
}

Task<> note_drained(Scope& scope, bool* drained) {
  co_await scope.drained();
  *drained = true;
}

TEST(Scope, StartsATaskInALaterTurnAndCountsIt) {
  Loop loop;
  Event event(loop);
  Scope scope(loop);
  bool ended = false;
  scope.spawn(wait_for(event, &ended));
  EXPECT_EQ(scope.alive(), 1U);
  event.notify_all();  // nobody waits yet
  loop.context().poll();
  EXPECT_FALSE(ended);
  event.notify_all();
  loop.context().poll();
  EXPECT_TRUE(ended);
  EXPECT_EQ(scope.alive(), 0U);
}

TEST(Scope, IsDrainedWhenTheLastTaskEndsAlsoOfThoseSpawnedMeanwhile) {
  Loop loop;
  Event event(loop);
  Scope watchers(loop);
  Scope scope(loop);
  bool ended = false;
  bool drained = false;
  scope.spawn(spawn_another(scope, event, &ended));
  watchers.spawn(note_drained(scope, &drained));
  loop.context().poll();
  event.notify_all();
  loop.context().poll();
  EXPECT_FALSE(drained);
  event.notify_all();
  EXPECT_TRUE(test::run_until(loop, [&] { return drained; }));
  EXPECT_TRUE(ended);
}

TEST(Scope, IsDrainedAtOnceWhenItIsEmpty) {
  Loop loop;
  Scope watchers(loop);
  Scope scope(loop);
  bool drained = false;
  watchers.spawn(note_drained(scope, &drained));
  loop.context().poll();
  EXPECT_TRUE(drained);
}

TEST(ScopeDeathTest, MustNotDieBeforeItsTasks) {
  EXPECT_DEATH(
      {
        Loop loop;
        Event event(loop);
        bool ended = false;
        Scope scope(loop);
        scope.spawn(wait_for(event, &ended));
      },
      "scope died before its tasks");
}

TEST(ScopeDeathTest, TakesAnExceptionForABug) {
  EXPECT_DEATH(
      {
        Loop loop;
        Scope scope(loop);
        scope.spawn(throwing());
        loop.run();
      },
      "bug: thrown by a task");
}

}  // namespace
}  // namespace baton::reactor
