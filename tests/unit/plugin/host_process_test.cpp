// Which programs a plugin may start; what it does with them is in run_test.cpp.
#include "plugin/host_process.hpp"

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

TEST(MayStart, NamesAndPathsAndTheStar) {
  EXPECT_TRUE(may_start({"claude"}, "claude"));
  EXPECT_TRUE(may_start({"claude"}, "/opt/x/claude"));
  EXPECT_FALSE(may_start({"claude"}, "./claude"));
  EXPECT_FALSE(may_start({"claude"}, "/opt/claude/other"));
  EXPECT_TRUE(may_start({"/usr/bin/x"}, "/usr/bin/x"));
  EXPECT_FALSE(may_start({"/usr/bin/x"}, "x"));
  EXPECT_FALSE(may_start({"/usr/bin/x"}, "/bin/x"));
  EXPECT_FALSE(may_start({}, "x"));
  EXPECT_TRUE(may_start({"*"}, "./anything"));
}

}  // namespace
}  // namespace baton::plugin
