#include "reactor/loop.hpp"

#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <asio/executor_work_guard.hpp>

namespace baton::reactor {
namespace {

TEST(Loop, RunsWhatWasPostedInOrderAndInALaterTurn) {
  Loop loop;
  std::vector<int> order;
  loop.post([&] {
    loop.post([&] { order.push_back(2); });
    order.push_back(1);
  });
  EXPECT_TRUE(order.empty());
  loop.run();
  EXPECT_THAT(order, ::testing::ElementsAre(1, 2));
}

TEST(Loop, TakesActionsFromAnotherThread) {
  Loop loop;
  int done = 0;
  const auto guard = asio::make_work_guard(loop.context());
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) loop.post([&] { ++done; });
    loop.post([&] { loop.stop(); });
  });
  loop.run();
  other.join();
  EXPECT_EQ(done, 1000);
}

}  // namespace
}  // namespace baton::reactor
