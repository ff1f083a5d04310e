#include "executor/run_outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::executor {
namespace {

using runtime::EndKind;
using runtime::ErrorClass;

TEST(RunOutcome, SpeaksTheContractsWords) {
  EXPECT_EQ(done_reason_of({.end = EndKind::kSuccess}), "success");
  EXPECT_EQ(done_reason_of({.end = EndKind::kLimit}), "max_turns");
  EXPECT_EQ(done_reason_of({.end = EndKind::kCancelled}), "aborted");
  EXPECT_EQ(done_reason_of({.end = EndKind::kFailed}), "error");
}

TEST(RunOutcome, ATimeOutIsNotJustAFailure) {
  const runtime::Outcome late{.end = EndKind::kFailed, .error_class = ErrorClass::kTimeout};
  EXPECT_EQ(execution_end_of(late, "").status, store::ExecutionStatus::kTimedOut);
  EXPECT_EQ(execution_end_of({.end = EndKind::kFailed}, "").status, store::ExecutionStatus::kFailed);
}

TEST(RunOutcome, AnErrorNamesItsClassAndDetail) {
  const runtime::Outcome crashed{
      .end = EndKind::kFailed, .error_class = ErrorClass::kCrashed, .summary = "sorry", .detail = "exit status 3"};
  EXPECT_EQ(execution_end_of(crashed, "sorry").error, "crashed: exit status 3");
  EXPECT_EQ(execution_end_of({.end = EndKind::kSuccess}, "fine").error, std::nullopt);
}

TEST(RunOutcome, SaysWhatARuntimeCannotDo) {
  runtime::Capabilities all;
  all.streaming = all.tool_events = all.resume = true;
  EXPECT_TRUE(degradations_of(all).empty());
  EXPECT_THAT(degradations_of({}), testing::Contains(testing::HasSubstr("coarse-streaming")));
}

}  // namespace
}  // namespace baton::executor
