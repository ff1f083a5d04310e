#include "plugin_check/schema_rules.hpp"

#include <string>

#include <gtest/gtest.h>

namespace baton::plugin_check {
namespace {

TEST(SchemaRules, LetAGoodSchemaPass) {
  EXPECT_EQ(schema_mistake(R"({"type":"object","required":["a"],"additionalProperties":false,"properties":{
      "a":{"type":"array","minItems":1,"maxItems":1,"items":{"type":"string","minLength":0}},
      "b":{"enum":["x",1,null],"description":"any"},
      "c":{"type":"object","additionalProperties":{"type":"number","minimum":-1.5,"maximum":2}}}})"),
            std::nullopt);
  EXPECT_EQ(schema_mistake("{}"), std::nullopt);
}

TEST(SchemaRules, NameThePlaceOfAMistake) {
  const auto mistake = schema_mistake(R"({"properties":{"a":{"items":{"type":"text"}}}})");
  ASSERT_TRUE(mistake);
  EXPECT_EQ(mistake->substr(0, 20), "properties.a.items: ") << *mistake;
}

TEST(SchemaRules, FindWhatWouldCheckNothing) {
  for (const char* schema :
       {"", "[]", "1", R"({"type":"array"})", R"({"type":["object"]})", R"({"properties":[]})",
        R"({"properties":{"a":true}})", R"({"required":"a"})", R"({"required":[1]})",
        R"({"required":["a"],"additionalProperties":false})", R"({"additionalProperties":"no"})",
        R"({"properties":{"a":{"enum":[]}}})", R"({"properties":{"a":{"enum":"x"}}})",
        R"({"properties":{"a":{"minimum":"0"}}})", R"({"properties":{"a":{"minimum":2,"maximum":1}}})",
        R"({"properties":{"a":{"minLength":-1}}})", R"({"properties":{"a":{"maxItems":1.5}}})",
        R"({"properties":{"a":{"items":[{}]}}})"})
    EXPECT_TRUE(schema_mistake(schema)) << schema;
}

TEST(SchemaRules, EndInASchemaThatIsTooDeep) {
  std::string deep;
  for (int level = 0; level < 400; ++level) deep += R"({"items":)";
  deep += "{}" + std::string(400, '}');
  EXPECT_TRUE(schema_mistake(deep));
}

}  // namespace
}  // namespace baton::plugin_check
