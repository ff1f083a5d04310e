#include "plugin/config_schema.hpp"

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

constexpr const char* kSchema = R"({"type":"object","required":["argv"],"additionalProperties":false,"properties":{
  "argv":{"type":"array","minItems":1,"items":{"type":"string","minLength":1}},
  "env":{"type":"object","additionalProperties":{"type":"string"}},
  "mode":{"enum":["a","b",3]},
  "limit":{"type":"integer","minimum":0,"maximum":10},
  "share":{"type":"number"},
  "word":{"type":"string","maxLength":2}}})";

TEST(ConfigSchema, LetsPassWhatFits) {
  for (const char* config :
       {R"({"argv":["a"]})", R"({"argv":["a","b"],"env":{"K":"v"},"mode":3,"limit":10,"share":0.5})",
        R"({"argv":["a"],"word":"äö"})"})
    EXPECT_EQ(misfit(kSchema, config), std::nullopt) << config;
}

TEST(ConfigSchema, NamesWhatDoesNot) {
  EXPECT_EQ(misfit(kSchema, "{}"), "argv: is required");
  EXPECT_EQ(misfit(kSchema, R"({"argv":"a"})"), "argv: must be of type array, not text");
  EXPECT_EQ(misfit(kSchema, R"({"argv":[]})"), "argv: must have at least 1 (0 given)");
  EXPECT_EQ(misfit(kSchema, R"({"argv":["a",""]})"), "argv[1]: must have at least 1 (0 given)");
  EXPECT_EQ(misfit(kSchema, R"({"argv":["a"],"env":{"K":1}})"), "env.K: must be of type string, not number");
  EXPECT_EQ(misfit(kSchema, R"({"argv":["a"],"mode":"c"})"), R"(mode: must be one of "a", "b", 3)");
  EXPECT_EQ(misfit(kSchema, R"({"argv":["a"],"limit":11})"), "limit: must be at most 10");
  EXPECT_EQ(misfit(kSchema, R"({"argv":["a"],"limit":-1})"), "limit: must be at least 0");
  EXPECT_EQ(misfit(kSchema, R"({"argv":["a"],"limit":1.5})"), "limit: must be of type integer, not number");
  EXPECT_EQ(misfit(kSchema, R"({"argv":["a"],"word":"abc"})"), "word: must have at most 2 (3 given)");
  EXPECT_EQ(misfit(kSchema, R"({"argv":["a"],"agv":1})"), "agv: is not a known setting");
}

TEST(ConfigSchema, AConfigurationIsAnObject) {
  EXPECT_EQ(misfit("", "{}"), std::nullopt);
  EXPECT_EQ(misfit("", "[]"), "the configuration: must be an object");
  EXPECT_TRUE(misfit("", "{"));
  EXPECT_TRUE(misfit("", ""));
}

}  // namespace
}  // namespace baton::plugin
