#include <gtest/gtest.h>

#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

class HostWakeupTest : public PluginTest {
 protected:
  HostWakeupTest() {
    install("waits");
    add("one", "test.waits");
    load();
  }
  std::size_t wakeups() { return host->describe().instances.at(0).wakeups; }
};

TEST_F(HostWakeupTest, FourThreadsWakeTheReactor) {
  EXPECT_EQ(complete("threads").words(), "close=0 again=-3 signal=-3 enough");
  EXPECT_EQ(misbehaviour().total(), 0u);
  EXPECT_EQ(wakeups(), 0u);
}

TEST_F(HostWakeupTest, SignalsBeforeTheCallAreFoldedIntoOne) {
  auto words = complete("fold").words();
  while (words.starts_with("=0 ")) words.erase(0, 3);
  EXPECT_EQ(words, "quiet woken woken ");
}

TEST_F(HostWakeupTest, SixteenAreTheMostAndAClosedOneIsSilent) {
  EXPECT_EQ(complete("many wakeups").words(), "callback=-1 out=-1 made=16 none=-3 ");
  EXPECT_EQ(complete("many wakeups").words(), "callback=-1 out=-1 made=16 none=-3 ");
  EXPECT_EQ(wakeups(), 0u);
}

TEST_F(HostWakeupTest, AThreadMaySignalUntilDestroyHasReturned) {
  complete("until destroyed");
  EXPECT_EQ(wakeups(), 1u);
  shut_down();  // the plugin's destroy waits until its thread was told STALE
}

TEST_F(HostWakeupTest, OnlySignalMayComeFromAnotherThread) {
  EXPECT_EQ(complete("another thread").words(), "create=-4 ");
  EXPECT_EQ(misbehaviour().wrong_thread, 1u);
}

}  // namespace
}  // namespace baton::plugin
