#include "verify/verdict.hpp"

#include <gmock/gmock.h>

#include "base/limits.hpp"

namespace baton::verify {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

GateRun red() {
  GateRun run;
  run.command = "./test.sh";
  run.exit_code = 1;
  run.stdout_tail = "1 failed";
  run.duration_ms = 12;
  return run;
}

GateRun green() {
  auto run = red();
  run.exit_code = 0;
  run.passed = true;
  return run;
}

Verdict two_attempts() {
  auto first = with_attempt({}, red(), VerdictStatus::kFail, StructuredError{"w", "y", "h"}, 1000);
  return with_attempt(std::move(first), red(), VerdictStatus::kCompletedWithDebt, StructuredError{"w2", "y2", "h2"},
                      2000);
}

constexpr std::string_view kTwoAttempts =
    R"({"status":"completed_with_debt","attempts":[)"
    R"({"attempt":1,"at":1000,"deterministic":{"command":"./test.sh","exitCode":1,"passed":false,"stdoutTail":"1 failed","stderrTail":"","durationMs":12,"timedOut":false},)"
    R"("critic":{"ran":false,"findings":[],"reviewerRuntime":null,"reviewerModel":null,"reviewedSha":null},"status":"fail","structuredError":{"what":"w","why":"y","howToFix":"h"}},)"
    R"({"attempt":2,"at":2000,"deterministic":{"command":"./test.sh","exitCode":1,"passed":false,"stdoutTail":"1 failed","stderrTail":"","durationMs":12,"timedOut":false},)"
    R"("critic":{"ran":false,"findings":[],"reviewerRuntime":null,"reviewerModel":null,"reviewedSha":null},"status":"completed_with_debt","structuredError":{"what":"w2","why":"y2","howToFix":"h2"}}],)"
    R"("debtNotes":[{"criterion":"deterministic gate","severity":"crash","justification":"w2"}],"updatedAt":2000})";

TEST(Verdict, IsWrittenAsTheContractSays) { EXPECT_EQ(render_verdict(two_attempts()), kTwoAttempts); }

TEST(Verdict, ComesBack) {
  const auto verdict = parse_verdict(kTwoAttempts);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(render_verdict(*verdict), kTwoAttempts);
}

TEST(Verdict, OfAPassHasNoError) {
  const auto verdict = with_attempt({}, green(), VerdictStatus::kPass, StructuredError{"w", "y", "h"}, 1);
  EXPECT_EQ(verdict.attempts.back().error, std::nullopt);
  EXPECT_THAT(verdict.debt_notes, IsEmpty());
  EXPECT_THAT(render_verdict(verdict), HasSubstr("\"structuredError\":null"));
}

TEST(Verdict, WritesNoExitCodeForWhatASignalEnded) {
  auto run = red();
  run.exit_code.reset();
  const auto text = render_verdict(with_attempt({}, run, VerdictStatus::kFail, {}, 1));
  EXPECT_THAT(text, HasSubstr("\"exitCode\":null"));
  EXPECT_EQ(parse_verdict(text)->attempts[0].gate.exit_code, std::nullopt);
}

TEST(Verdict, KeepsAReviewersReport) {
  const auto verdict = parse_verdict(
      R"({"status":"fail","attempts":[{"attempt":3,"critic":{"ran":true,"findings":[{"severity":"security","title":"t"}]}}]})");
  ASSERT_TRUE(verdict);
  const auto next = with_attempt(verdict, green(), VerdictStatus::kPass, {}, 5);
  EXPECT_THAT(render_verdict(next),
              HasSubstr(R"("critic":{"ran":true,"findings":[{"severity":"security","title":"t"}]})"));
  EXPECT_EQ(next.attempts.back().number, 4);
}

TEST(Verdict, IsNoneForOtherText) {
  for (const auto* text : {"", "{", "null", "[]", "{}", R"({"status":"maybe"})", R"({"status":1})", "pass"}) {
    EXPECT_EQ(parse_verdict(text).has_value(), false) << text;
  }
}

TEST(Verdict, SurvivesCellsOfTheWrongShape) {
  const auto verdict = parse_verdict(
      R"({"status":"fail","attempts":[1,null,{"attempt":"x","deterministic":[],"critic":null,"structuredError":"x"},)"
      R"({"attempt":9223372036854775807,"deterministic":{"exitCode":99999999999}}],"debtNotes":{},"updatedAt":"now"})");
  ASSERT_TRUE(verdict);
  EXPECT_THAT(verdict->attempts, SizeIs(2));
  EXPECT_EQ(verdict->attempts[1].gate.exit_code, std::nullopt);
  const auto next = with_attempt(verdict, red(), VerdictStatus::kFail, {}, 7);
  EXPECT_EQ(next.attempts.back().number, 1);
  EXPECT_TRUE(parse_verdict(render_verdict(next)));
}

TEST(Verdict, KeepsTheLastAttemptsAndGoesOnCounting) {
  std::optional<Verdict> verdict;
  for (std::size_t i = 0; i < limits::kVerdictAttempts + 5; ++i)
    verdict = with_attempt(verdict, red(), VerdictStatus::kFail, {}, 1);
  EXPECT_THAT(verdict->attempts, SizeIs(limits::kVerdictAttempts));
  EXPECT_EQ(verdict->attempts.front().number, 6);
  EXPECT_EQ(verdict->attempts.back().number, static_cast<std::int64_t>(limits::kVerdictAttempts) + 5);
}

TEST(Verdict, IsUtf8WhateverTheCommandWas) {
  auto run = red();
  run.command = "echo \xFF";
  EXPECT_TRUE(parse_verdict(render_verdict(with_attempt({}, run, VerdictStatus::kFail, {}, 1))));
}

}  // namespace
}  // namespace baton::verify
