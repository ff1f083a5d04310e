#include "plugin/masker.hpp"

#include <string>

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

std::string masked(const Masker& masker, std::string text) {
  masker.mask(text);
  return text;
}

TEST(Masker, TakesEachPlaceOut) {
  Masker masker;
  EXPECT_TRUE(masker.empty());
  masker.add("sk-0123456789");
  EXPECT_EQ(masked(masker, "nothing here"), "nothing here");
  EXPECT_EQ(masked(masker, ""), "");
  EXPECT_EQ(masked(masker, "sk-0123456789"), "[secret]");
  EXPECT_EQ(masked(masker, "a sk-0123456789 b sk-0123456789."), "a [secret] b [secret].");
}

TEST(Masker, ValuesThatOverlapBecomeOneMask) {
  Masker masker;
  masker.add("abcdefgh");
  masker.add("efghijkl");
  masker.add("abcdefghij");  // holds the first one
  EXPECT_EQ(masked(masker, "<abcdefghijkl>"), "<[secret]>");
  EXPECT_EQ(masked(masker, "<abcdefghij>"), "<[secret]>");
  EXPECT_EQ(masked(masker, "<abcdefgh><efghijkl>"), "<[secret]><[secret]>");
  Masker periodic;
  periodic.add("abababab");
  EXPECT_EQ(masked(periodic, "<ababababababab>"), "<[secret]>");
}

TEST(Masker, ShortValuesAreNotLookedFor) {
  Masker masker;
  masker.add("");
  masker.add("1234567");
  EXPECT_TRUE(masker.empty());
  EXPECT_EQ(masked(masker, "1234567"), "1234567");
  masker.add("12345678");
  EXPECT_EQ(masked(masker, "12345678"), "[secret]");
}

// Texts are cut and come in pieces.
TEST(Masker, APartAtAnEndCountsWhenItIsLongEnough) {
  Masker masker;
  masker.add("abcdefghijklmnop");
  EXPECT_EQ(masked(masker, "key abcdefgh"), "key [secret]");
  EXPECT_EQ(masked(masker, "ijklmnop end"), "[secret] end");
  EXPECT_EQ(masked(masker, "key abcdefg"), "key abcdefg");
  EXPECT_EQ(masked(masker, "abcdefgh in the middle"), "abcdefgh in the middle");
  EXPECT_EQ(masked(masker, "abcdefghijklmno"), "[secret]");
}

TEST(Masker, KnowsHowJsonWritesAValue) {
  Masker masker;
  masker.add("line one\n\"two\"");
  std::string json = R"({"key":"line one\n\"two\""})";
  masker.mask_json(json);
  EXPECT_EQ(json, R"({"key":"[secret]"})");
}

TEST(Masker, JsonStaysJson) {
  Masker masker;
  masker.add("1234567890");
  std::string number = R"({"account":1234567890})";
  masker.mask_json(number);
  EXPECT_EQ(number, R"("[secret]")");
  std::string text = R"({"account":"1234567890"})";
  masker.mask_json(text);
  EXPECT_EQ(text, R"({"account":"[secret]"})");
}

TEST(Masker, ATokenOfASessionStays) {
  Masker masker;
  masker.add("0123456789");
  runtime::Event event = runtime::SessionEvent{"s 0123456789", "t 0123456789"};
  masker.mask(event);
  EXPECT_EQ(std::get<runtime::SessionEvent>(event).display_id, "s [secret]");
  EXPECT_EQ(std::get<runtime::SessionEvent>(event).resume, "t 0123456789");
}

}  // namespace
}  // namespace baton::plugin
