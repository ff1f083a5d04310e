#include "base/text.hpp"

#include <gmock/gmock.h>

namespace baton::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kEuro = "\xE2\x82\xAC";
constexpr std::string_view kFace = "\xF0\x9F\x99\x82";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Broken in every way that table 3-7 of the Unicode standard tells apart.
constexpr std::string_view kBroken[] = {
    "\x80",              // continuation alone
    "\xC3",              // cut
    "\xC0\xAF",          // overlong
    "\xE0\x80\x80",      // overlong
    "\xF0\x80\x80\x80",  // overlong
    "\xED\xA0\x80",      // surrogate
    "\xF4\x90\x80\x80",  // beyond U+10FFFF
    "\xF5\x80\x80\x80",
    "\xFF",
    "\xE2\x82",
    "\xC3x",
};

TEST(Utf16Length, CountsAsJavaScriptDoes) {
  EXPECT_EQ(utf16_length(""), 0U);
  EXPECT_EQ(utf16_length("abc"), 3U);
  EXPECT_EQ(utf16_length("\xC3\xA4"), 1U);
  EXPECT_EQ(utf16_length(kEuro), 1U);
  EXPECT_EQ(utf16_length(kFace), 2U);
  EXPECT_EQ(utf16_length("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xA7"), 5U);  // two faces joined to one glyph
}

TEST(Utf16Length, CountsBrokenBytesOneByOne) { EXPECT_EQ(utf16_length("a\xFF\xC3"), 3U); }

TEST(RepairedUtf8, LeavesWholeTextAlone) {
  const auto whole = "a\xC3\xA4" + std::string(kEuro) + std::string(kFace);
  EXPECT_TRUE(is_utf8(whole));
  EXPECT_EQ(repaired_utf8(whole), whole);
}

TEST(RepairedUtf8, MarksWhatIsBroken) {
  for (const auto broken : kBroken) {
    EXPECT_FALSE(is_utf8(broken));
    const auto repaired = repaired_utf8("<" + std::string(broken) + ">");
    EXPECT_TRUE(is_utf8(repaired));
    EXPECT_TRUE(repaired.starts_with('<') && repaired.ends_with('>')) << repaired;
    EXPECT_NE(repaired.find(kReplacement), std::string::npos);
  }
  EXPECT_EQ(repaired_utf8("M\xFCller"), "M" + std::string(kReplacement) + "ller");
}

TEST(Trimmed, TakesBlanksFromBothEnds) {
  EXPECT_EQ(trimmed(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed(" \n"), "");
}

TEST(Lines, EndAtLineBreaks) {
  EXPECT_THAT(lines(""), IsEmpty());
  EXPECT_THAT(lines("a"), ElementsAre("a"));
  EXPECT_THAT(lines("a\n"), ElementsAre("a"));
  EXPECT_THAT(lines("a\n\nb\r\n"), ElementsAre("a", "", "b\r"));
  EXPECT_THAT(lines("\n"), ElementsAre(""));
}

TEST(Tail, DoesNotBeginInsideACharacter) {
  const auto text = "ab" + std::string(kEuro) + "c";
  EXPECT_EQ(tail(text, 100), text);
  EXPECT_EQ(tail(text, 4), std::string(kEuro) + "c");
  EXPECT_EQ(tail(text, 3), "c");
  EXPECT_EQ(tail(text, 2), "c");
  EXPECT_EQ(tail(text, 0), "");
}

TEST(Head, DoesNotEndInsideACharacter) {
  const auto text = "a" + std::string(kFace) + "b";
  EXPECT_EQ(head(text, 100), text);
  EXPECT_EQ(head(text, 5), "a" + std::string(kFace));
  for (const std::size_t cut : {4U, 3U, 2U, 1U}) EXPECT_EQ(head(text, cut), "a");
  EXPECT_EQ(head(text, 0), "");
}

TEST(Shortened, SaysThatItWasCut) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abcd", 3), "abc…");
  EXPECT_EQ(shortened("ab" + std::string(kEuro), 3), "ab…");
  EXPECT_EQ(shortened(std::string(10'000, 'x')), std::string(limits::kQuoted, 'x') + "…");
}

TEST(ShellQuoted, IsOneWord) {
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("a b $c `d`"), "'a b $c `d`'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
}

TEST(Hex, WritesBothDigitsOfEachByte) { EXPECT_EQ(hex(std::string_view("\x00\x0F\xF0\xFF", 4)), "000ff0ff"); }

TEST(Text, BothEndsAreKept) {
  EXPECT_EQ(text::both_ends("short", 10), "short");
  EXPECT_EQ(text::both_ends("0123456789", 10), "0123456789");
  EXPECT_EQ(text::both_ends("0123456789x", 10), "01234\n[... 1 bytes are left out ...]\n6789x");
  EXPECT_EQ(text::both_ends("\xC3\xA4\xC3\xA4\xC3\xA4", 3), "\n[... 4 bytes are left out ...]\n\xC3\xA4");
}

}  // namespace
}  // namespace baton::text
