#include "base/json_numbers.hpp"

#include <gmock/gmock.h>

#include "base/json_reader.hpp"

namespace baton::json {
namespace {

using ::testing::Optional;

double number_in(std::string_view text) {
  const auto document = Document::parse(text);
  EXPECT_TRUE(document.has_value()) << text;
  double number = 0;
  EXPECT_FALSE(document && document->root().get(number)) << text;
  return number;
}

TEST(BoundedNumbers, TakeThePlaceOfWhatNoDoubleHolds) {
  for (const std::string text : {"1e400", "1E+400", "1.5e309", "17976931348623159e293", "1e99999999999999999999"}) {
    EXPECT_EQ(number_in(text), kBeyond) << text;
    EXPECT_EQ(number_in("-" + text), -kBeyond) << text;
  }
  EXPECT_EQ(number_in(std::string(400, '9')), kBeyond);
  EXPECT_EQ(number_in(std::string(400, '9') + ".5"), kBeyond);
}

TEST(BoundedNumbers, LeaveALargeIntegerItsSize) {
  EXPECT_EQ(number_in("99999999999999999999"), 1e20);
  EXPECT_EQ(number_in("-99999999999999999999"), -1e20);
  EXPECT_EQ(number_in("18446744073709551616"), 18446744073709551616.0);
  EXPECT_EQ(number_in("-9223372036854775809"), -9223372036854775808.0);
}

TEST(BoundedNumbers, LeaveEverythingElseAsItIs) {
  for (const auto* text : {"{}", "[1,2.5e3,-0]", "18446744073709551615", "-9223372036854775808", "1e-400", "0e999999",
                           "1.7976931348623157e308", R"({"a":"1e400"})", R"(["\"1e400","99999999999999999999"])"}) {
    EXPECT_EQ(with_bounded_numbers(text), std::nullopt) << text;
    EXPECT_TRUE(Document::parse(text)) << text;
  }
}

TEST(BoundedNumbers, AreFoundAnywhere) {
  EXPECT_THAT(with_bounded_numbers(R"({"a\\":1e400,"b":[-1e400,3,99999999999999999999],"1e400":"1e400"})"),
              Optional(std::string(R"({"a\\":1.7976931348623157e308,"b":[-1.7976931348623157e308,3,)"
                                   R"(99999999999999999999e0],"1e400":"1e400"})")));
}

// A text that is no JSON must not become JSON.
TEST(BoundedNumbers, MakeNoJsonOfWhatIsNone) {
  for (const auto* text : {"01e400",
                           "-01e400",
                           "1.e400",
                           ".1e400",
                           "+1e400",
                           "1e400e400",
                           "1e+",
                           "1e",
                           "--1e400",
                           "- 1e400",
                           "1e400x",
                           "x1e400",
                           "0x1e400",
                           "099999999999999999999",
                           "99999999999999999999.",
                           "99999999999999999999.e1",
                           "[1e400",
                           "[1e400,]",
                           "\"1e400",
                           "1e400 1e400",
                           "{1e400:1}",
                           "Infinity",
                           "1e4\xFF",
                           "\"\\\"1e400"}) {
    EXPECT_FALSE(Document::parse(text)) << text;
  }
}

}  // namespace
}  // namespace baton::json
