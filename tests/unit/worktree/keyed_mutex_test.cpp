#include "worktree/keyed_mutex.hpp"

#include <vector>

#include <gmock/gmock.h>

#include "base/result.hpp"
#include "reactor/timer.hpp"
#include "tests/support/run_task.hpp"

namespace baton::worktree {
namespace {

using testing::ElementsAre;

reactor::Task<> hold(reactor::Loop& loop, KeyedMutex& mutex, std::string key, int number, std::vector<int>& order) {
  const auto lock = co_await mutex.lock(key);
  order.push_back(number);
  co_await reactor::sleep_for(loop, std::chrono::milliseconds(1));
  order.push_back(-number);
}

TEST(KeyedMutex, ServesOneAtATimeInTheOrderOfAsking) {
  reactor::Loop loop;
  KeyedMutex mutex(loop);
  reactor::Scope scope(loop);
  std::vector<int> order;
  for (const int number : {1, 2, 3}) scope.spawn(hold(loop, mutex, "key", number, order));
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  EXPECT_THAT(order, ElementsAre(1, -1, 2, -2, 3, -3));
  EXPECT_EQ(mutex.keys(), 0u);
}

TEST(KeyedMutex, KeysDoNotWaitForEachOther) {
  reactor::Loop loop;
  KeyedMutex mutex(loop);
  reactor::Scope scope(loop);
  std::vector<int> order;
  scope.spawn(hold(loop, mutex, "a", 1, order));
  scope.spawn(hold(loop, mutex, "b", 2, order));
  ASSERT_TRUE(test::run_until(loop, [&] { return order.size() == 2; }));
  EXPECT_THAT(order, ElementsAre(1, 2));
  EXPECT_EQ(mutex.keys(), 2u);
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
}

reactor::Task<Result<Unit>> fail_inside(KeyedMutex& mutex) {
  const auto lock = co_await mutex.lock("key");
  co_return fail(Errc::kIo, "failed");
}

TEST(KeyedMutex, AFailureReleases) {
  reactor::Loop loop;
  KeyedMutex mutex(loop);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(test::run_task(loop, fail_inside(mutex)));
  EXPECT_EQ(mutex.keys(), 0u);
}

}  // namespace
}  // namespace baton::worktree
