// Which programs a plugin may start, and with which arguments; what it does with them is in run_test.cpp.
#include "plugin/host_process.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/plugin/harness.hpp"

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

using HostProcessTest = PluginTest;

TEST_F(HostProcessTest, ABrokenArgumentIsCountedAndExplained) {
  install("closes");
  add("one", "test.closes");
  load();
  const auto why = [&](const std::string& which) {
    KeepingListener listener;
    const auto refused = runtime().start(request("broken " + which), listener);
    return refused ? "started" : refused.error().what;
  };
  EXPECT_EQ(why("request"), "one: spawn: the request breaks the contract");
  EXPECT_EQ(why("size"), "one: spawn: the request breaks the contract");
  EXPECT_EQ(why("events"), "one: spawn: the events break the contract");
  EXPECT_EQ(why("out"), "one: spawn: no place for the handle");
  EXPECT_EQ(why("write"), "one: write: the bytes are nowhere");
  EXPECT_EQ(why("signal"), "one: signal: not INT, TERM, HUP, USR1 or USR2");
  EXPECT_EQ(why("stop"), "one: stop: a negative time");
  EXPECT_EQ(misbehaviour().broken_struct, 7u);
  EXPECT_EQ(why("handle"), "one: process: it has ended, or was closed");
  EXPECT_EQ(misbehaviour().stale_handle, 1u);
}

}  // namespace
}  // namespace baton::plugin
