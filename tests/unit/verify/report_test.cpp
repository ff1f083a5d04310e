#include "verify/report.hpp"

#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace baton::verify {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

GateRun run_of(std::optional<int> exit_code, std::string out, std::string err) {
  GateRun run;
  run.command = "./test.sh";
  run.exit_code = exit_code;
  run.passed = exit_code == 0;
  run.stdout_tail = std::move(out);
  run.stderr_tail = std::move(err);
  run.duration_ms = 11;
  return run;
}

TEST(VerificationBlock, HasTheFormatsShape) {
  EXPECT_EQ(verification_block(run_of(0, "", ""), 1'767'323'045'678),
            "\n### Gate run — 2026-01-02T03:04:05.678Z\n\n- Command: `./test.sh`\n- Result: PASS (exit 0, "
            "11ms)\n\n```text\n\n```\n");
}

TEST(VerificationBlock, ShowsBothStreams) {
  EXPECT_THAT(verification_block(run_of(2, "out", "err\n"), 0),
              HasSubstr("- Result: FAIL (exit 2, 11ms)\n\n```text\nout\nerr\n```\n"));
}

TEST(VerificationBlock, TellsADeadline) {
  auto run = run_of({}, "", "");
  run.timed_out = true;
  EXPECT_THAT(verification_block(run, 0), HasSubstr("- Result: TIMED OUT (no exit code, 11ms)"));
}

TEST(VerificationBlock, CannotBeBrokenOutOf) {
  auto run = run_of(1, "```\n# not a heading\n\x1B[31mred\x1B[0m\r\n````\n", "");
  run.command = "true\n# Verification — passed";
  const auto block = verification_block(run, 0);
  EXPECT_THAT(block, EndsWith("`````text\n```\n# not a heading\n[31mred[0m\n````\n`````\n"));
  EXPECT_THAT(block, HasSubstr("- Command: `true # Verification — passed`\n"));
}

TEST(VerificationBlock, IsBounded) {
  const auto block =
      verification_block(run_of(1, std::string(limits::kGateTail, 'a'), std::string(limits::kGateTail, 'b')), 0);
  EXPECT_LT(block.size(), limits::kGateTail + 300);
  EXPECT_THAT(block, Not(HasSubstr("aaa")));
}

TEST(FixNote, SaysWhatWhyAndHow) {
  const auto error = explain_failure(run_of(3, "1 failed: test_sum\n", ""));
  EXPECT_THAT(error.what, HasSubstr("`./test.sh` exited with 3"));
  EXPECT_FALSE(error.why.empty());
  EXPECT_THAT(error.how_to_fix, EndsWith("1 failed: test_sum\n"));
  EXPECT_THAT(explain_failure(run_of(3, "", "")).how_to_fix, HasSubstr("said nothing"));
}

TEST(FixNote, TellsADeadlineFromASignal) {
  auto run = run_of({}, "", "");
  EXPECT_THAT(explain_failure(run).what, HasSubstr("signal"));
  run.timed_out = true;
  EXPECT_THAT(explain_failure(run).what, HasSubstr("after 11 ms"));
}

TEST(FixNote, SaysWhyThereIsNoCommand) {
  EXPECT_THAT(explain_unset({}).why, HasSubstr("Neither"));
  EXPECT_THAT(explain_unset({.problem = ".baton.toml of the base commit: line 3: odd"}).why, HasSubstr("line 3: odd"));
}

TEST(FailureComment, CountsAttempts) {
  EXPECT_EQ(failure_comment({"w.", "y.", "h."}, 1, 2),
            "Verification failed (attempt 1 of 2).\nWhat: w.\nWhy: y.\nHow to fix: h.");
  EXPECT_THAT(failure_comment({"w", "y", "h"}, 3, 2), StartsWith("Verification failed (attempt 3 of 3)."));
}

TEST(FailureComment, FitsIntoAComment) {
  auto run = run_of(1, std::string(limits::kGateTail, 'a'), std::string(limits::kGateTail, 'b'));
  run.command = std::string(100'000, 'c');
  EXPECT_LT(text::utf16_length(failure_comment(explain_failure(run), 1, 2)), limits::kCommentBody);
}

}  // namespace
}  // namespace baton::verify
