#include "handoff/markdown.hpp"

#include <gmock/gmock.h>

#include "base/text.hpp"

namespace baton::handoff::markdown {
namespace {

TEST(OneLine, KeepsAnOrdinaryTitle) { EXPECT_EQ(one_line("Fix the *login* page"), "Fix the *login* page"); }

TEST(OneLine, TurnsEveryKindOfLineBreakIntoABlank) {
  EXPECT_EQ(one_line("a\nb\r\nc\rd\ve\ff"), "a b c d e f");
  EXPECT_EQ(one_line("a\xC2\x85"
                     "b\xE2\x80\xA8"
                     "c\xE2\x80\xA9"
                     "d"),
            "a b c d");
}

TEST(OneLine, JoinsBlanksAndTrims) { EXPECT_EQ(one_line(" \t a \n\n  b  "), "a b"); }

TEST(OneLine, ReplacesControlCharacters) {
  EXPECT_EQ(one_line(std::string_view("a\0b\x1B[31mc\x7F", 10)), "a b [31mc");
}

TEST(OneLine, RepairsBrokenUtf8) { EXPECT_EQ(one_line("a\xFF"), "a\xEF\xBF\xBD"); }

TEST(Block, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(block("Do the thing.\nSecond line.\n\n- a list\n"), "Do the thing.\nSecond line.\n\n- a list");
}

TEST(Block, EndsLinesTheSameWay) { EXPECT_EQ(block("a\r\nb\rc"), "a\nb\nc"); }

TEST(Block, KeepsTheFirstLinesIndentation) { EXPECT_EQ(block("\n \n    code\n\n"), "    code"); }

TEST(Block, IsEmptyForBlanks) { EXPECT_EQ(block(" \n\t\n"), ""); }

class Escapes : public ::testing::TestWithParam<std::string_view> {};

TEST_P(Escapes, AreQuotedLineByLine) {
  const std::string quoted = block(std::string("before\n\n") + std::string(GetParam()) + "\nafter");
  for (const auto line : text::lines(quoted)) EXPECT_TRUE(line.starts_with(">")) << quoted;
}

INSTANTIATE_TEST_SUITE_P(Block, Escapes,
                         ::testing::Values("## Acceptance criteria", "   # heading", "#",
                                           "setext\n===", "setext\n  ---  ", "```sh", "~~~", "  ````", "<!-- hidden",
                                           "<script>", "<details>", "\xE2\x80\xA8## after a line separator",
                                           "x\r# after a lone return", "\t# behind a tabulator"));

TEST(Block, KeepsWhatItQuotes) {
  EXPECT_EQ(block("```\n# a comment\n\nmake\n```"), "> ```\n> # a comment\n>\n> make\n> ```");
}

TEST(Bullet, KeepsFurtherLinesInsideTheItem) {
  EXPECT_EQ(bullet("one\n## Done\n\ntwo\n"), "- one\n  ## Done\n\n  two\n");
}

TEST(Bullet, SaysNothingInAnEmptyItem) { EXPECT_EQ(bullet(" \n"), "- \n"); }

}  // namespace
}  // namespace baton::handoff::markdown
