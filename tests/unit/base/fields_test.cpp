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
constexpr Field kPoint[] = {{.name = "x", .kind = Kind::kInteger, .required = true}};
constexpr Field kPlace[] = {
    {.name = "street", .required = true},
    {.name = "point", .kind = Kind::kObject, .members = kPoint},
};
constexpr Field kTable[] = {
    {.name = "name", .kind = Kind::kText, .required = true, .min = 1, .max = 5},
    {.name = "note", .kind = Kind::kText, .nullable = true},
    {.name = "colour", .kind = Kind::kText, .one_of = kColours},
    {.name = "count", .kind = Kind::kInteger, .min = 0, .max = 9},
    {.name = "share", .kind = Kind::kNumber},
    {.name = "loud", .kind = Kind::kBoolean},
    {.name = "words", .kind = Kind::kTexts, .min = 1, .max = 3, .most_texts = 2},
    {.name = "when", .falsy_is_absent = true},
    {.name = "place", .kind = Kind::kObject, .nullable = true, .members = kPlace},
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

TEST(Fields, HoldsSeveralTexts) {
  EXPECT_THAT(read(R"({"name":"n","words":["a","bcd"]})").texts("words"), ElementsAre("a", "bcd"));
  EXPECT_THAT(read(R"({"name":"n","words":[]})").texts("words"), IsEmpty());
  EXPECT_THAT(read(R"({"name":"n"})").texts("words"), IsEmpty());
}

TEST(Fields, RefusesSeveralTextsForEachOfThem) {
  const auto problem = [](std::string_view words) {
    return refused(R"({"name":"n","words":)" + std::string(words) + "}").field_errors;
  };
  EXPECT_THAT(problem(R"("a")"), ElementsAre(Pair("words", "must be an array of texts, is text")));
  EXPECT_THAT(problem(R"(["a","b","c"])"), ElementsAre(Pair("words", "must have at most 2 texts")));
  EXPECT_THAT(problem(R"(["a",1])"), ElementsAre(Pair("words", "[1] must be text, is number")));
  EXPECT_THAT(problem(R"(["a",""])"), ElementsAre(Pair("words", "[1] must have at least 1 character(s)")));
  EXPECT_THAT(problem(R"(["abcd"])"), ElementsAre(Pair("words", "[0] must have at most 3 character(s), has 4")));
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
                         ::testing::Values(std::pair{R"("note":5)", Wrong{"note", "must be text or null, is number"}},
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

INSTANTIATE_TEST_SUITE_P(
    Objects, WrongFields,
    ::testing::Values(std::pair{R"("place":1)", Wrong{"place", "must be an object or null, is number"}},
                      std::pair{R"("place":{})", Wrong{"place", "street is required"}},
                      std::pair{R"("place":{"street":1})", Wrong{"place", "street must be text, is number"}},
                      std::pair{R"("place":{"street":"","point":[]})", Wrong{"place", "point must be an object"}},
                      std::pair{R"("place":{"street":"","point":{}})", Wrong{"place", "point.x is required"}}));

INSTANTIATE_TEST_SUITE_P(
    NulInText, WrongFields,
    ::testing::Values(std::pair{R"("note":"\u0000")", Wrong{"note", "NUL"}},
                      std::pair{R"("note":"a\u0000b")", Wrong{"note", "NUL"}},
                      std::pair{R"("words":["a","\u0000"])", Wrong{"words", "[1] must not hold the character NUL"}},
                      std::pair{R"("place":{"street":"\u0000"})", Wrong{"place", "street must not hold"}}));

// All of it is JSON: what is wrong is the one field.
INSTANTIATE_TEST_SUITE_P(
    HugeNumbers, WrongFields,
    ::testing::Values(std::pair{R"("count":1e400)", Wrong{"count", "too large"}},
                      std::pair{R"("count":-1e400)", Wrong{"count", "too large"}},
                      std::pair{R"("count":99999999999999999999)", Wrong{"count", "too large"}},
                      std::pair{R"("count":-99999999999999999999)", Wrong{"count", "too large"}},
                      std::pair{R"("share":1e400)", Wrong{"share", "too large"}},
                      std::pair{R"("share":-1e400)", Wrong{"share", "too large"}},
                      std::pair{R"("note":1e400)", Wrong{"note", "must be text or null, is number"}},
                      std::pair{R"("place":{"street":"","point":{"x":1e400}})", Wrong{"place", "point.x is too"}}));

TEST(Fields, IgnoresAHugeNumberThatNobodyAskedFor) {
  const auto fields = read(R"({"other":1e400,"deep":[{"x":99999999999999999999}],"name":"n","count":7})");
  EXPECT_THAT(fields.integer("count"), Optional(7));
}

TEST(Fields, TakesALargeIntegerWhereANumberIsWanted) {
  EXPECT_THAT(read(R"({"name":"n","share":99999999999999999999})").number("share"), Optional(1e20));
}

TEST(Fields, HoldsObjects) {
  const auto fields = read(R"({"name":"n","place":{"street":"s","point":{"x":3}}})");
  const auto* place = fields.object("place");
  ASSERT_NE(place, nullptr);
  EXPECT_EQ(place->need_text("street"), "s");
  ASSERT_NE(place->object("point"), nullptr);
  EXPECT_THAT(place->object("point")->integer("x"), Optional(3));
  EXPECT_EQ(read(R"({"name":"n"})").object("place"), nullptr);
  EXPECT_TRUE(read(R"({"name":"n","place":null})").is_null("place"));
}

TEST(Fields, TakesFalsyForAbsentWhereTheTableSaysSo) {
  for (const auto* nothing : {"null", "\"\"", "0", "0.0", "-0", "false"}) {
    EXPECT_FALSE(read(std::string(R"({"name":"n","when":)") + nothing + "}").has("when")) << nothing;
  }
  EXPECT_THAT(read(R"({"name":"n","when":"now"})").text("when"), Optional(std::string("now")));
  EXPECT_THAT(refused(R"({"name":"n","when":true})").field_errors,
              ElementsAre(Pair("when", "must be text, is boolean")));
}

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
