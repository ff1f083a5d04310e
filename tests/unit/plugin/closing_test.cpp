// What a plugin closes counts until it is gone; HTTP exchanges are in host_http_test.cpp.
#include "plugin/closing.hpp"

#include <filesystem>
#include <memory>

#include <gtest/gtest.h>

#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

TEST(Closing, CountsWhatIsNotGone) {
  Closing closing;
  auto first = std::make_shared<int>(), second = std::make_shared<int>();
  closing.add({1}, first);
  closing.add({2}, second);
  closing.add({2}, second);
  EXPECT_EQ(closing.count(), 3u);
  EXPECT_EQ(closing.count_of({2}), 2u);
  second.reset();
  EXPECT_EQ(closing.count_of({2}), 0u);
  EXPECT_EQ(closing.count(), 1u);
}

class ClosingTest : public PluginTest {
 protected:
  ClosingTest() {
    install("closes");
    add("one", "test.closes");
    load();
  }
};

TEST_F(ClosingTest, FilesCountUntilTheirTurnAndKeepNothing) {
  auto what = request("files");
  what.home_dir = directory / "work";
  KeepingListener listener;
  const auto running = start(what, listener);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.words(), "begun=64 then=-5 held=0 later=0 wrote=0 ");
  EXPECT_FALSE(std::filesystem::exists(directory / "work" / "closed"));
}

TEST_F(ClosingTest, ProcessesCountUntilTheyAreReaped) {
  EXPECT_EQ(complete("processes").words(), "begun=8 then=-5 begun=56 then=-5 later");
  EXPECT_EQ(host->describe().instances[0].processes, 0u);
}

}  // namespace
}  // namespace baton::plugin
