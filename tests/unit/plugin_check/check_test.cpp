#include "plugin_check/check.hpp"

#include <set>
#include <string_view>

#include <gtest/gtest.h>

namespace baton::plugin_check {
namespace {

TEST(Checks, HaveDifferentIds) {
  std::set<std::string_view> ids;
  for (const auto& check : all_checks()) EXPECT_TRUE(ids.insert(check.id).second) << check.id;
}

TEST(Checks, AreFoundById) {
  ASSERT_NE(find_check("create-destroy"), nullptr);
  EXPECT_EQ(find_check("create-destroy")->group, "life");
  EXPECT_EQ(find_check("create"), nullptr);
  EXPECT_EQ(find_check(""), nullptr);
}

TEST(Checks, KnowWhichIdWasMeant) {
  EXPECT_EQ(nearest_id("create_destroy"), "create-destroy");
  EXPECT_EQ(nearest_id("hots-table-cut"), "host-table-cut");
  for (const char* far : {"", "nope", "id", "x", "this-is-no-check-at-all"}) EXPECT_EQ(nearest_id(far), "") << far;
}

}  // namespace
}  // namespace baton::plugin_check
