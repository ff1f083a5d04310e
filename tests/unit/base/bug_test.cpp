#include "base/bug.hpp"

#include <gtest/gtest.h>

namespace baton {
namespace {

TEST(BugDeathTest, SaysWhatAndWhere) { EXPECT_DEATH(bug("two owners"), "<2>bug: two owners .*bug_test.cpp:[0-9]+"); }

TEST(RequireDeathTest, StopsOnlyWhatIsNotSo) {
  require(true, "fine");
  EXPECT_DEATH(require(false, "not fine"), "bug: not fine .*bug_test.cpp");
}

}  // namespace
}  // namespace baton
