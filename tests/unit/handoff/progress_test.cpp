#include "handoff/progress.hpp"

#include <gmock/gmock.h>

namespace baton::handoff {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Progress, ReadsTheTwoLists) {
  const auto progress = parse_progress(
      "# Progress — x\n\n## Done\n\n- one\n- two\n\n## In progress\n\n- three\n\n## Blocked\n\n- four\n\n## Else\n- "
      "five\n");
  EXPECT_THAT(progress.done, ElementsAre("one", "two"));
  EXPECT_THAT(progress.blocked, ElementsAre("four"));
}

TEST(Progress, SkipsPlaceholders) {
  const auto progress = parse_progress("## Done\n- _Nothing so far._\n- _x\n- snake_case_\n-  \n## Blocked\n- __\n");
  EXPECT_THAT(progress.done, ElementsAre("_x", "snake_case_"));
  EXPECT_THAT(progress.blocked, IsEmpty());
}

TEST(Progress, JoinsIndentedLinesToTheirItem) {
  EXPECT_THAT(
      parse_progress("## Done\r\n\r\n* one\r\n  goes on\r\n\r\n  and on\r\n+ two\r\nplain text\r\n  not an item\r\n")
          .done,
      ElementsAre("one goes on and on", "two"));
}

TEST(Progress, EndsAListAtAnyHeading) {
  EXPECT_THAT(parse_progress("## Done\n- a\n### Detail\n- b\n").done, ElementsAre("a"));
}

TEST(Progress, FindsNothingInOtherText) {
  EXPECT_THAT(parse_progress("").done, IsEmpty());
  EXPECT_THAT(parse_progress("- Done\n## done\n- lower case\n##Done\n- no blank\n").done, IsEmpty());
}

}  // namespace
}  // namespace baton::handoff
