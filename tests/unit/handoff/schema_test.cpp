#include "handoff/schema.hpp"

#include <gmock/gmock.h>

#include "base/json_reader.hpp"
#include "base/limits.hpp"
#include "handoff/handoff.hpp"

namespace baton::handoff {
namespace {

using testing::IsEmpty;

std::string problems_of(std::string_view content) {
  std::string all;
  for (const auto& [path, what] : check_handoff(content)) all += path + ": " + what + "\n";
  return all;
}

TEST(HandoffSchema, IsMadeFromTheTableOfFields) {
  const auto schema = json::Document::parse(handoff_schema());
  ASSERT_TRUE(schema);
  EXPECT_EQ(json::text(schema->root(), "$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(json::text(schema->root(), "type"), "object");
  EXPECT_THAT(json::texts(schema->root(), "required"), testing::ElementsAre("handoffFrom", "runtime"));
  const auto properties = *json::member(schema->root(), "properties");
  for (const Field& field : handoff_fields()) EXPECT_TRUE(json::member(properties, field.name)) << field.name;
}

TEST(HandoffSchema, DescribesMembersAndWhatMayBeNull) {
  const auto schema = json::Document::parse(handoff_schema());
  ASSERT_TRUE(schema);
  const auto shown = [&](const char* pointer) {
    return simdjson::to_string(schema->root().at_pointer(pointer).value_unsafe());
  };
  EXPECT_EQ(shown("/properties/handoffFrom"), R"({"type":"string","minLength":1,"description":"who stopped"})");
  EXPECT_EQ(shown("/properties/whyBlocked"), R"({"type":["string","null"]})");
  EXPECT_EQ(shown("/properties/warnings"), R"({"type":"array","items":{"type":"string"}})");
  EXPECT_EQ(shown("/properties/evidence/properties/testResults"), R"({"type":["string","null"]})");
  EXPECT_EQ(shown("/properties/roomCursor/required"), R"(["roomId","lastSeenSeq"])");
}

TEST(HandoffCheck, FindsNothingWrongWithAGoodOne) {
  EXPECT_THAT(check_handoff(R"({"handoffFrom":"ann","runtime":"human","unknown":1})"), IsEmpty());
  EXPECT_THAT(check_handoff("\xEF\xBB\xBF{\"handoffFrom\":\"\xff\",\"runtime\":\"human\"}\n"), IsEmpty());
  Handoff handoff;
  handoff.handoff_from = handoff.runtime = handoff.timestamp = "x";
  EXPECT_THAT(check_handoff(render_handoff(handoff)), IsEmpty());
}

TEST(HandoffCheck, SaysWhereEachProblemIs) {
  EXPECT_EQ(problems_of(R"({"runtime":"","commands":{"init":5},"warnings":["a",1],"roomCursor":{"roomId":"r"}})"),
            "/handoffFrom: is required\n"
            "/runtime: must have at least 1 character(s)\n"
            "/commands/init: must be text, is number\n"
            "/warnings/1: must be text, is number\n"
            "/roomCursor/lastSeenSeq: is required\n");
  EXPECT_EQ(problems_of(R"({"handoffFrom":"a","runtime":"b","commands":[]})"),
            "/commands: must be an object, is array\n");
}

TEST(HandoffCheck, RefusesWhatIsNoObject) {
  EXPECT_EQ(problems_of(" \n"), ": is empty\n");
  EXPECT_EQ(problems_of("[]"), ": must be an object, is array\n");
  EXPECT_THAT(problems_of("{\"handoffFrom\": "), testing::StartsWith(": not JSON"));
  EXPECT_THAT(problems_of(std::string(limits::kSorFile + 1, ' ')), testing::StartsWith(": has more than"));
}

}  // namespace
}  // namespace baton::handoff
