#include "git/failure.hpp"

#include <gtest/gtest.h>

namespace baton::git {
namespace {

Error failed_with(std::string err) {
  process::Finished finished;
  finished.exit.code = 128;
  finished.err = std::move(err);
  return failed({"status", "x"}, finished);
}

TEST(Failed, SaysCommandStatusAndWords) {
  const auto error = failed_with("fatal: no\n");
  EXPECT_EQ(error.code, Errc::kUnprocessable);
  EXPECT_EQ(error.reason, "git_failed");
  EXPECT_EQ(error.what, "git status x failed (exit 128): fatal: no");
}

TEST(Failed, KeepsThemApartForPrograms) {
  const auto error = failed_with("fatal: \"no\"\n");
  ASSERT_EQ(error.details.size(), 2u);
  EXPECT_EQ(error.details[0].name, "command");
  EXPECT_EQ(error.details[0].json, R"("git status x")");
  EXPECT_EQ(error.details[1].name, "stderr");
  EXPECT_EQ(error.details[1].json, R"("fatal: \"no\"")");
}

TEST(Failed, KnowsTheCasesThatCallersTreatApart) {
  EXPECT_EQ(failed_with("fatal: not a git repository (or any …)").reason, "not_a_repository");
  EXPECT_EQ(failed_with("error: write: No space left on device").code, Errc::kNoSpace);
  EXPECT_EQ(failed_with("fatal: Unable to create '/r/.git/index.lock': File exists.").code, Errc::kConflict);
}

TEST(Failed, SaysThatTheDiskIsFullAlsoWhereGitDoesNot) {
  EXPECT_EQ(failed_with("error: write: No space left on device").reason, "disk_full");
  constexpr const char* kFull = "/proc";  // has no room for anybody
  const auto silent = failed_with("fatal: unable to write new index file");
  EXPECT_EQ(disk_full(kFull, silent).code, Errc::kNoSpace);
  EXPECT_EQ(disk_full(kFull, silent).reason, "disk_full");
  EXPECT_EQ(disk_full(kFull, failed_with("fatal: no")).reason, "git_failed");
}

TEST(Failed, KnowsABranchInTheWay) {
  const auto error =
      failed_with("fatal: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create 'refs/heads/a/b'");
  EXPECT_EQ(error.code, Errc::kConflict);
  EXPECT_EQ(error.reason, "branch_in_the_way");
}

TEST(Failed, StaysShortAndIsUtf8) {
  EXPECT_LT(failed_with(std::string(1'000'000, 'x')).what.size(), 3000u);
  EXPECT_EQ(failed_with("\xff").what.find('\xff'), std::string::npos);
  EXPECT_LT(shown({std::string(10'000, 'a')}).size(), 400u);
}

TEST(TimedOut, NamesTheCommandAndTheTime) {
  const auto error = timed_out({"worktree", "add"}, std::chrono::seconds(60));
  EXPECT_EQ(error.code, Errc::kTimeout);
  EXPECT_EQ(error.what, "git worktree add was ended after 60000 ms");
}

}  // namespace
}  // namespace baton::git
