#include "base/log.hpp"

#include <gmock/gmock.h>

namespace baton::log {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Log, WritesAWholeLineToStderr) {
  set_up(Level::kInfo, Style::kTerminal);
  ::testing::internal::CaptureStderr();
  info("{} tasks", 3);
  const auto line = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(line, HasSubstr("info"));
  EXPECT_THAT(line, ::testing::EndsWith(" 3 tasks\n"));
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  set_up(Level::kWarn, Style::kTerminal);
  EXPECT_FALSE(enabled(Level::kInfo));
  EXPECT_TRUE(enabled(Level::kError));
  ::testing::internal::CaptureStderr();
  info("not this");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(Log, MarksPrioritiesForTheJournal) {
  set_up(Level::kDebug, Style::kJournal);
  ::testing::internal::CaptureStderr();
  debug("d");
  info("i");
  warn("w");
  error("e");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "<7>d\n<6>i\n<4>w\n<3>e\n");
}

// A line that holds braces is text, not a format.
TEST(Log, TakesLinesAsTheyAre) {
  set_up(Level::kInfo, Style::kJournal);
  ::testing::internal::CaptureStderr();
  write(Level::kInfo, "{} {0} %v");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "<6>{} {0} %v\n");
}

// One message is one line: a line break in it would begin a line without priority, or with a forged one.
TEST(Log, KeepsAMessageOnOneLine) {
  set_up(Level::kInfo, Style::kJournal);
  ::testing::internal::CaptureStderr();
  info("title: {}", "x\n<2>forged\r\x1B[2J");
  const auto written = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(written, Not(HasSubstr("\n<2>")));
  EXPECT_THAT(written, Not(HasSubstr("\x1B")));
}

TEST(Log, CanGoBackToATerminal) {
  set_up(Level::kInfo, Style::kJournal);
  set_up(Level::kInfo, Style::kTerminal);
  ::testing::internal::CaptureStderr();
  info("x");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("info"));
}

}  // namespace
}  // namespace baton::log
