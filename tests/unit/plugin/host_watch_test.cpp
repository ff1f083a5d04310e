#include <gtest/gtest.h>

#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

class HostWatchTest : public PluginTest {
 protected:
  HostWatchTest() {
    install("waits");
    add("one", "test.waits");
    load();
  }
  std::size_t watches() { return host->describe().instances.at(0).watches; }
};

TEST_F(HostWatchTest, TellsAgainUntilItIsReadAndIsSilentAfterClose) {
  EXPECT_EQ(complete("watch").words(),
            "start=0 twice=-4 ready=1 ready=1 ready=1 rest=0 odd=-1 close=0 again=-3 stale=-3 ");
  EXPECT_EQ(misbehaviour().stale_handle, 1u) << "closing again is harmless, changing is not";
  EXPECT_EQ(misbehaviour().broken_struct, 1u);
  EXPECT_EQ(watches(), 0u);
}

TEST_F(HostWatchTest, RefusesDescriptorsThatCannotBeWatched) {
  EXPECT_EQ(complete("bad watches").words(),
            "nothing=-1 error=-1 not open=-1 owner=-3 callback=-1 out=-1 blocks=-1 inherited=-1 regular=-1 ");
  EXPECT_EQ(misbehaviour().broken_struct, 8u);
  EXPECT_EQ(misbehaviour().stale_handle, 1u);
  EXPECT_EQ(watches(), 0u);
}

TEST_F(HostWatchTest, SixtyFourAreTheMostAndTheyEndWithTheRun) {
  EXPECT_EQ(complete("many watches").words(), "made=64 ");
  EXPECT_EQ(watches(), 0u);
  EXPECT_EQ(complete("many watches").words(), "made=64 ");
}

TEST_F(HostWatchTest, AHeldRunHearsNothingToRead) {
  KeepingListener listener;
  const auto running = start(request("ready for ever"), listener);
  ASSERT_TRUE(test::run_until(loop, [&] { return listener.events.size() > 3; }));
  EXPECT_EQ(watches(), 1u);
  running->hold(true);
  for (int turn = 0; turn < 10; ++turn) loop.context().poll(), loop.context().restart();
  const auto before = listener.events.size();
  for (int turn = 0; turn < 10; ++turn) loop.context().poll(), loop.context().restart();
  EXPECT_EQ(listener.events.size(), before);
  running->hold(false);
  EXPECT_TRUE(test::run_until(loop, [&] { return listener.events.size() > before; }));
  running->cancel(runtime::CancelReason::kUser);
  EXPECT_TRUE(ends(listener));
  EXPECT_EQ(watches(), 0u);
}

}  // namespace
}  // namespace baton::plugin
