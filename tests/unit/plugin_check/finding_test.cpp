#include "plugin_check/finding.hpp"

#include <string>

#include <gtest/gtest.h>

namespace baton::plugin_check {
namespace {

TEST(Finding, GoesThroughJson) {
  const auto again = finding_from(to_json(fault("a \"bad\" line\nand another")));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->verdict, Verdict::kFail);
  EXPECT_EQ(again->reason, "a \"bad\" line\nand another");
}

TEST(Finding, KeepsAReasonReadable) {
  const auto again = finding_from(to_json(warn(std::string(100'000, 'x') + "\xff")));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->verdict, Verdict::kWarn);
  EXPECT_LT(again->reason.size(), 5000U);
}

TEST(Finding, IsNotReadFromAnythingElse) {
  for (const char* text : {"", "{}", "[]", "{\"result\":\"fine\"}", "{\"result\":1}", "{\"result\":\"pass\""})
    EXPECT_FALSE(finding_from(text)) << text;
}

}  // namespace
}  // namespace baton::plugin_check
