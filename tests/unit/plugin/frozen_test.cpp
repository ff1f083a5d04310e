// Plugins that were built against the headers of a release, on today's host.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

using ::testing::ElementsAre;

class Frozen : public PluginTest, public ::testing::WithParamInterface<const char*> {
 protected:
  Frozen() {
    install(std::string("frozen_") + GetParam());
    add("old", "test.frozen");
    load();
  }
};

TEST_P(Frozen, GoesThroughEverythingAsItDidThen) {
  ASSERT_EQ(host->runtimes().size(), 1u);
  const auto heard = complete("go");
  EXPECT_EQ(heard.words(), "file timer line exit");  // and no word of a table that is too short
  ASSERT_GE(heard.events.size(), 7u);
  const std::vector<std::string> last(heard.events.end() - 7, heard.events.end());
  EXPECT_THAT(last, ElementsAre("thought hm", "call 1 bash {\"a\":1}", "result 1 true yes", "status work 0",
                                "usage false 1 2 3 -1 5", "session s1 token", "custom test.note [1]"));
  ASSERT_TRUE(heard.outcome);
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kSuccess) << heard.outcome->detail;
  EXPECT_EQ(heard.outcome->summary, "went through everything");
  EXPECT_EQ(misbehaviour().total(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Releases, Frozen, ::testing::Values("1.0-rc"));

}  // namespace
}  // namespace baton::plugin
