#include "base/json_compact.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

#include <limits>

#include <gmock/gmock.h>

namespace baton::json {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

Document parsed(std::string_view text) {
  auto document = Document::parse(text);
  require(document.has_value(), "the example is not JSON");
  return *std::move(document);
}

template <class T>
std::string written(const T& content) {
  std::string out;
  Writer(out).value(content);
  return out;
}

TEST(JsonReader, MakesTextCompactWithoutTouchingItsParts) {
  EXPECT_EQ(compact("{ \"a b\" : [ 1.50,\n\t-0 ] }\r\n"), "{\"a b\":[1.50,-0]}");
  EXPECT_EQ(compact(R"(" \" ")"), R"(" \" ")");
  EXPECT_EQ(compact(""), "");
  EXPECT_EQ(compact("{ \"open"), "{ \"open");
}

TEST(JsonReader, FindsMembersByNameAndType) {
  const auto document = parsed(R"({"t":"text","i":-7,"n":1.5,"b":true,"z":null,"l":["a",1,"b"],"o":{"t":"inner"}})");
  const Value root = document.root();
  EXPECT_THAT(text(root, "t"), Optional(std::string_view("text")));
  EXPECT_THAT(integer(root, "i"), Optional(-7));
  EXPECT_THAT(number(root, "n"), Optional(1.5));
  EXPECT_THAT(number(root, "i"), Optional(-7.0));
  EXPECT_THAT(boolean(root, "b"), Optional(true));
  EXPECT_THAT(texts(root, "l"), ElementsAre("a", "b"));
  EXPECT_THAT(text(*member(root, "o"), "t"), Optional(std::string_view("inner")));
}

TEST(JsonReader, FindsNothingOfAnotherTypeOrInAnotherValue) {
  const auto document = parsed(R"({"i":7,"z":null})");
  EXPECT_EQ(text(document.root(), "i"), std::nullopt);
  EXPECT_EQ(boolean(document.root(), "z"), std::nullopt);
  EXPECT_EQ(integer(document.root(), "absent"), std::nullopt);
  EXPECT_THAT(texts(document.root(), "i"), ElementsAre());
  const auto list = parsed("[1]");
  EXPECT_EQ(integer(list.root(), "0"), std::nullopt);
}

// Values point into the parser: it must not move with the document.
TEST(JsonReader, KeepsItsValuesWhenItIsMoved) {
  auto first = parsed(R"({"name":"value"})");
  const Value root = first.root();
  const Document second = std::move(first);
  EXPECT_THAT(text(root, "name"), Optional(std::string_view("value")));
  EXPECT_THAT(text(second.root(), "name"), Optional(std::string_view("value")));
}

// A parser is used again, but never while somebody's values point into it.
TEST(JsonReader, ReadsSeveralDocumentsAtOnceAndInTurn) {
  for (int round = 0; round < 3; ++round) {
    const auto first = parsed(R"(["first"])");
    const auto second = parsed(R"(["second","and longer than the other"])");
    EXPECT_FALSE(Document::parse("{"));
    EXPECT_EQ(std::string_view(first.root().at(0)), "first");
    EXPECT_EQ(std::string_view(second.root().at(0)), "second");
  }
  EXPECT_THAT(parsed("[" + std::string(200'000, ' ') + "7]").root().at(0).get_int64().value(), 7);
}

TEST(JsonReader, RefusesWhatIsNotJson) {
  for (const auto* text : {"", " ", "{", "[1,]", "nul", "{}{}", "'a'", "\"\t\"", "NaN"}) {
    const auto document = Document::parse(text);
    ASSERT_FALSE(document) << text;
    EXPECT_EQ(document.error().code, Errc::kInvalid);
    EXPECT_EQ(document.error().reason, "invalid_json");
  }
  EXPECT_THAT(Document::parse("\"\xFF\"").error().what, HasSubstr("UTF-8"));
}

TEST(JsonReader, RefusesNestingWithoutEnd) { EXPECT_FALSE(Document::parse(std::string(200'000, '['))); }

TEST(JsonReader, NamesTypesForPeople) {
  const auto document = parsed(R"(["a",1,1.5,18446744073709551615,true,null,[],{}])");
  std::vector<std::string_view> names;
  for (const Value value : simdjson::dom::array(document.root())) names.push_back(type_name(value));
  EXPECT_THAT(names, ElementsAre("text", "number", "number", "number", "boolean", "null", "array", "object"));
}

TEST(JsonWriter, WritesObjectsAndArrays) {
  std::string out = "body: ";
  Writer json(out);
  json.object().field("a", "text").field("b", 1).key("c").array().value(true).object().end().end();
  json.field("d", std::vector<std::string>{"x", "y"}).raw_field("e", "{\"raw\":1}").end();
  EXPECT_EQ(out, R"(body: {"a":"text","b":1,"c":[true,{}],"d":["x","y"],"e":{"raw":1}})");
}

TEST(JsonWriter, EscapesText) {
  EXPECT_EQ(written(std::string_view("\"\\\n\t\x01/\xC3\xA4\0", 9)), R"("\"\\\n\t\u0001/ä\u0000")");
}

TEST(JsonWriter, SeparatesTextsWithEscapesAtTheirEnds) {
  std::string out;
  Writer(out).value(std::vector<std::string>{"\n", "a\x1F", "\"b", ""});
  EXPECT_EQ(out, R"(["\n","a\u001F","\"b",""])");
}

TEST(JsonWriter, RemembersWhatItIsInHoweverDeep) {
  constexpr int kPairs = 100;
  std::string out;
  std::string expected;
  Writer json(out);
  for (int i = 0; i < kPairs; ++i) json.object().key("a").array();
  for (int i = 0; i < kPairs; ++i) json.value(1).end().field("b", 2).end();
  for (int i = 0; i < kPairs; ++i) expected += R"({"a":[)";
  for (int i = 0; i < kPairs; ++i) expected += (i > 0 ? "," : "") + std::string(R"(1],"b":2})");
  EXPECT_EQ(out, expected);
}

TEST(JsonWriter, WritesAbsentValuesAsNull) {
  EXPECT_EQ(written(std::optional<std::string>()), "null");
  EXPECT_EQ(written(std::optional<std::string>("x")), "\"x\"");
  EXPECT_EQ(written(nullptr), "null");
}

TEST(JsonWriter, WritesNumbersAsJavaScriptDoes) {
  EXPECT_EQ(written(0.0), "0");
  EXPECT_EQ(written(-0.0), "0");
  EXPECT_EQ(written(3.0), "3");
  EXPECT_EQ(written(0.25), "0.25");
  EXPECT_EQ(written(-1.5e300), "-1.5e300");
  EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(written(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(JsonWriter, FindsWhatMustBeEscapedWhereverItStands) {
  for (int code = 0; code < 256; ++code) {
    const char c = static_cast<char>(code);
    const bool is_plain = code >= ' ' && c != '"' && c != '\\';
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, 'a');
      text[place] = c;
      ASSERT_EQ(plain_length(text), is_plain ? 20 : place) << code;
    }
  }
}

TEST(JsonWriter, WritesTextsOfAnyLength) {
  for (const std::size_t length : {0U, 1U, 509U, 510U, 511U, 512U, 513U, 1024U, 5000U}) {
    const std::string plain(length, 'x');
    EXPECT_EQ(written(plain + "\n" + plain), '"' + plain + "\\n" + plain + '"') << length;
  }
}

TEST(JsonWriter, WritesFilesForPeople) {
  std::string out;
  PrettyWriter json(out);
  json.object().field("a", 1).key("b").array().end().end();
  EXPECT_EQ(out, "{\n  \"a\": 1,\n  \"b\": []\n}");
}

TEST(JsonWriter, IndentsWhatIsNested) {
  std::string out;
  PrettyWriter json(out);
  json.object().key("a").array().value(1).object().field("b", "c").end().end().key("d").object().end().end();
  EXPECT_EQ(out, R"({
  "a": [
    1,
    {
      "b": "c"
    }
  ],
  "d": {}
})");
}

TEST(JsonWriterDeathTest, RefusesAnEndWithoutABeginning) {
  std::string out;
  Writer json(out);
  EXPECT_DEATH(json.end(), "nothing to end");
}

}  // namespace
}  // namespace baton::json
