#include "plugin_check/odd_configs.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "plugin/config_schema.hpp"

namespace baton::plugin_check {
namespace {

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

TEST(OddConfigs, ChangeOneSettingEach) {
  const auto all =
      odd_configs(R"({"properties":{"a":{"type":"string"},"b":{"type":"integer"}}})", R"({"a":"x","b":1})");
  EXPECT_TRUE(contains(all, "{}"));
  EXPECT_TRUE(contains(all, R"({"b":1,"a":""})"));
  EXPECT_TRUE(contains(all, R"({"a":"x","b":-1})"));
  EXPECT_TRUE(contains(all, R"({"a":"x","b":1,"no such setting":null})"));
}

TEST(OddConfigs, AreThoseThatTheHostLetsPass) {
  const std::string schema = R"({"required":["a"],"additionalProperties":false,
      "properties":{"a":{"type":"array","minItems":1,"items":{"type":"string"}},"b":{"type":"integer","minimum":0}}})";
  const auto all = odd_configs(schema, R"({"a":["x"]})");
  EXPECT_FALSE(all.empty());
  for (const auto& one : all) EXPECT_FALSE(plugin::misfit(schema, one)) << one;
  EXPECT_FALSE(contains(all, "{}"));
  EXPECT_TRUE(contains(all, R"({"a":[""]})"));
}

TEST(OddConfigs, NeedNoSchema) { EXPECT_GT(odd_configs("", "{}").size(), 10U); }

}  // namespace
}  // namespace baton::plugin_check
