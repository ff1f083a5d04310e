#include "base/fields.hpp"

#include <gmock/gmock.h>

namespace baton {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kColours[] = {"red", "green"};
constexpr Field kTable[] = {
    {.name = "name", .kind = Kind::kText, .required = true, .min = 1, .max = 5},
    {.name = "note", .kind = Kind::kText, .nullable = true},
    {.name = "colour", .kind = Kind::kText, .one_of = kColours},
    {.name = "count", .kind = Kind::kInteger, .min = 0, .max = 9},
    {.name = "share", .kind = Kind::kNumber},
    {.name = "loud", .kind = Kind::kBoolean},
};

Fields read(std::string_view body) {
  auto fields = read_fields(kTable, body);
  EXPECT_TRUE(fields.has_value()) << body;
  return fields.value_or(Fields{});
}

InvalidBody refused(std::string_view body) {
  const auto fields = read_fields(kTable, body);
  EXPECT_FALSE(fields.has_value()) << body;
  return fields ? InvalidBody{} : fields.error();
}

TEST(Fields, HoldsWhatTheBodySaid) {
  const auto fields = read(R"({"name":"n","note":"x","colour":"red","count":3,"share":0.5,"loud":false})");
  EXPECT_EQ(fields.need_text("name"), "n");
  EXPECT_THAT(fields.text("note"), Optional(std::string("x")));
  EXPECT_THAT(fields.text("colour"), Optional(std::string("red")));
  EXPECT_THAT(fields.integer("count"), Optional(3));
  EXPECT_THAT(fields.number("share"), Optional(0.5));
  EXPECT_THAT(fields.boolean("loud"), Optional(false));
}

TEST(Fields, TellsAbsentFromNullFromEmpty) {
  const auto absent = read(R"({"name":"n"})");
  EXPECT_FALSE(absent.has("note"));
  EXPECT_FALSE(absent.is_null("note"));
  const auto null = read(R"({"name":"n","note":null})");
  EXPECT_TRUE(null.has("note"));
  EXPECT_TRUE(null.is_null("note"));
  EXPECT_EQ(null.text("note"), std::nullopt);
  const auto empty = read(R"({"name":"n","note":""})");
  EXPECT_THAT(empty.text("note"), Optional(std::string()));
}

TEST(Fields, IgnoresUnknownKeysAndTakesTheLastOfRepeatedOnes) {
  const auto fields = read(R"({"other":[{"deep":1}],"name":"a","name":"b"})");
  EXPECT_EQ(fields.need_text("name"), "b");
}

// A key that is wrong first and right later is right: the last one counts.
TEST(Fields, ChecksOnlyTheLastOfRepeatedKeys) {
  EXPECT_EQ(read(R"({"name":7,"name":"ok"})").need_text("name"), "ok");
  EXPECT_THAT(refused(R"({"name":"ok","name":7})").field_errors, ElementsAre(Pair("name", "must be text, is number")));
  EXPECT_THAT(refused(R"({"name":7,"name":8})").field_errors, ElementsAre(Pair("name", "must be text, is number")));
}

TEST(Fields, TakesAWholeNumberWhereANumberIsWanted) {
  EXPECT_THAT(read(R"({"name":"n","share":2})").number("share"), Optional(2.0));
}

TEST(Fields, CountsUtf16UnitsAsClientsDo) {
  EXPECT_EQ(read("{\"name\":\"\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\"}").need_text("name").size(), 10U);
  EXPECT_THAT(refused("{\"name\":\"\xF0\x9F\x99\x82\xF0\x9F\x99\x82\xF0\x9F\x99\x82\"}").field_errors,
              ElementsAre(Pair("name", "must have at most 5 character(s), has 6")));
}

TEST(Fields, TakesAnEmptyBodyForAnObjectWithoutFields) {
  constexpr Field kNothingRequired[] = {{.name = "note"}};
  for (const auto* body : {"", " \r\n", "{}"}) {
    const auto fields = read_fields(kNothingRequired, body);
    ASSERT_TRUE(fields) << body;
    EXPECT_TRUE(fields->empty());
  }
  EXPECT_FALSE(read(R"({"name":"n"})").empty());
}

struct Wrong {
  std::string_view field;
  std::string_view message;
};

class WrongFields : public ::testing::TestWithParam<std::pair<std::string_view, Wrong>> {};

TEST_P(WrongFields, AreNamed) {
  const auto& [fields, wrong] = GetParam();
  const auto body = R"({"name":"n",)" + std::string(fields) + "}";
  EXPECT_THAT(refused(body).field_errors, ElementsAre(Pair(wrong.field, HasSubstr(std::string(wrong.message)))))
      << body;
}

INSTANTIATE_TEST_SUITE_P(Table, WrongFields,
                         ::testing::Values(std::pair{R"("note":5)", Wrong{"note", "must be text, is number"}},
                                           std::pair{R"("note":{})", Wrong{"note", "is object"}},
                                           std::pair{R"("colour":"blue")",
                                                     Wrong{"colour", "must be one of: red, green"}},
                                           std::pair{R"("colour":null)", Wrong{"colour", "must be text, is null"}},
                                           std::pair{R"("count":-1)", Wrong{"count", "at least 0"}},
                                           std::pair{R"("count":10)", Wrong{"count", "at most 9"}},
                                           std::pair{R"("count":1.5)", Wrong{"count", "a whole number"}},
                                           std::pair{R"("count":"1")", Wrong{"count", "a whole number, is text"}},
                                           std::pair{R"("count":18446744073709551615)", Wrong{"count", "too large"}},
                                           std::pair{R"("share":"1")", Wrong{"share", "a number"}},
                                           std::pair{R"("loud":1)", Wrong{"loud", "true or false"}},
                                           std::pair{R"("loud":"true")", Wrong{"loud", "true or false"}}));

// What a JavaScript client sends for 3.0 is 3; other clients write 3.0 and mean the same.
TEST(Fields, TakesAWholeNumberWrittenAsAFraction) {
  EXPECT_THAT(read(R"({"name":"n","count":3.0})").integer("count"), Optional(3));
}

TEST(Fields, ListsAllProblemsAtOnce) {
  EXPECT_THAT(refused(R"({"name":"","count":-1,"loud":0})").field_errors,
              UnorderedElementsAre(Pair("name", HasSubstr("at least 1")), Pair("count", HasSubstr("at least 0")),
                                   Pair("loud", HasSubstr("true"))));
}

TEST(Fields, AsksForWhatIsRequired) {
  EXPECT_THAT(refused("{}").field_errors, ElementsAre(Pair("name", "is required")));
  EXPECT_THAT(refused(R"({"name":null})").field_errors, ElementsAre(Pair("name", "must be text, is null")));
}

TEST(Fields, RefusesWhatIsNoObject) {
  for (const auto* body : {"[]", "3", "\"x\"", "null", "true"}) {
    EXPECT_THAT(refused(body).form_errors, ElementsAre(HasSubstr("must be an object"))) << body;
    EXPECT_THAT(refused(body).field_errors, IsEmpty());
  }
  for (const auto* body : {"{", "{\"name\":}", "nonsense", "\xFF"}) {
    EXPECT_THAT(refused(body).form_errors, ElementsAre(HasSubstr("not JSON"))) << body;
  }
}

TEST(FieldsDeathTest, AreAskedOnlyForWhatTheTableNames) {
  const auto fields = read(R"({"name":"n"})");
  EXPECT_DEATH((void)fields.text("nmae"), "does not name");
  EXPECT_DEATH((void)fields.need_text("note"), "not required");
}

}  // namespace
}  // namespace baton
