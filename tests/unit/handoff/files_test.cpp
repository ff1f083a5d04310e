#include "handoff/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "handoff/sor_files.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::handoff {
namespace {

using test::TempDir;
using ::testing::HasSubstr;

template <class T>
Errc code_of(const Result<T>& result) {
  EXPECT_FALSE(result.has_value());
  return result ? Errc::kInternal : result.error().code;
}

std::size_t files_in(const std::filesystem::path& directory) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory), {}));
}

Handoff from(std::string who) {
  Handoff handoff;
  handoff.handoff_from = std::move(who);
  handoff.runtime = "human";
  handoff.timestamp = "now";
  return handoff;
}

TEST(Files, ComeBackAsTheyWereWritten) {
  const TempDir worktree;
  ASSERT_TRUE(write_file(worktree.path(), kTaskFile, "old"));
  ASSERT_TRUE(write_file(worktree.path(), kTaskFile, "new"));
  EXPECT_EQ(read_file(worktree.path(), kTaskFile).value_or(""), "new");
  EXPECT_EQ(files_in(worktree.path()), 1U);
}

TEST(Files, AreReadableByOthersAndOnlyTheScriptRuns) {
  const TempDir worktree;
  ASSERT_TRUE(write_file(worktree.path(), kInitFile, "#!/bin/sh\n"));
  ASSERT_TRUE(write_file(worktree.path(), kTaskFile, ""));
  using std::filesystem::perms;
  EXPECT_NE(std::filesystem::status(worktree / kInitFile).permissions() & perms::owner_exec, perms::none);
  EXPECT_EQ(std::filesystem::status(worktree / kTaskFile).permissions() & perms::owner_exec, perms::none);
}

TEST(Files, SayWhatIsMissing) {
  const TempDir worktree;
  EXPECT_EQ(code_of(read_file(worktree.path(), kTaskFile)), Errc::kNotFound);
  EXPECT_EQ(code_of(read_file(worktree / "gone", kTaskFile)), Errc::kNotFound);
  EXPECT_EQ(code_of(write_file(worktree / "gone", kTaskFile, "")), Errc::kNotFound);
}

TEST(Files, AreNotReadThroughALink) {
  const TempDir worktree;
  const TempDir elsewhere;
  test::write_file(elsewhere / "secret", "secret");
  std::filesystem::create_symlink(elsewhere / "secret", worktree / kTaskFile);
  EXPECT_EQ(code_of(read_file(worktree.path(), kTaskFile)), Errc::kDenied);
}

TEST(Files, AreNotWrittenThroughALink) {
  const TempDir worktree;
  const TempDir elsewhere;
  test::write_file(elsewhere / "theirs", "theirs");
  std::filesystem::create_symlink(elsewhere / "theirs", worktree / kHandoffFile);
  ASSERT_TRUE(write_handoff(worktree.path(), from("a")));
  EXPECT_EQ(test::read_file(elsewhere / "theirs"), "theirs");
  EXPECT_FALSE(std::filesystem::is_symlink(worktree / kHandoffFile));
}

TEST(Files, MustBeRegularOnes) {
  const TempDir worktree;
  ASSERT_EQ(::mkfifo((worktree / kTaskFile).c_str(), 0600), 0);
  std::filesystem::create_directory(worktree / kHandoffFile);
  EXPECT_EQ(code_of(read_file(worktree.path(), kTaskFile)), Errc::kDenied);  // and does not wait for a writer
  EXPECT_EQ(code_of(read_file(worktree.path(), kHandoffFile)), Errc::kDenied);
  EXPECT_EQ(code_of(write_handoff(worktree.path(), from("a"))), Errc::kConflict);
  EXPECT_EQ(files_in(worktree.path()), 2U);
}

TEST(Files, AreReadUpToTheLimit) {
  const TempDir worktree;
  test::write_file(worktree / kTaskFile, std::string(limits::kSorFile, 'x'));
  EXPECT_EQ(read_file(worktree.path(), kTaskFile).value_or("").size(), limits::kSorFile);
  test::write_file(worktree / kTaskFile, std::string(limits::kSorFile + 1, 'x'));
  EXPECT_EQ(code_of(read_file(worktree.path(), kTaskFile)), Errc::kTooLarge);
}

TEST(Files, AreNotWrittenBeyondTheLimit) {
  const TempDir worktree;
  ASSERT_TRUE(write_handoff(worktree.path(), from("first")));
  auto huge = from("second");
  huge.next_best_step.assign(limits::kSorFile, 'x');
  EXPECT_EQ(code_of(write_handoff(worktree.path(), huge)), Errc::kTooLarge);
  EXPECT_EQ(read_handoff(worktree.path()).value_or(Handoff{}).handoff_from, "first");
}

TEST(Files, BecomeUtf8) {
  const TempDir worktree;
  test::write_file(worktree / kTaskFile, "M\xFCller");
  EXPECT_EQ(read_file(worktree.path(), kTaskFile).value_or(""), "M\xEF\xBF\xBDller");
}

TEST(HandoffFile, SaysWhatIsWrongWithIt) {
  const TempDir worktree;
  test::write_file(worktree / kHandoffFile, R"({"handoffFrom":"a"})");
  const auto handoff = read_handoff(worktree.path());
  EXPECT_EQ(code_of(handoff), Errc::kInvalid);
  EXPECT_THAT(handoff.error().what, HasSubstr("runtime: is required"));
  test::write_file(worktree / kHandoffFile, "");
  EXPECT_EQ(code_of(read_handoff(worktree.path())), Errc::kInvalid);
}

TEST(HandoffFile, HasItsOwnTimeWhenItSaysNone) {
  const TempDir worktree;
  test::write_file(worktree / kHandoffFile, R"({"handoffFrom":"a","runtime":"b"})");
  const timespec second{1'000'000'000, 123'000'000};
  const timespec times[] = {second, second};
  ASSERT_EQ(::utimensat(AT_FDCWD, (worktree / kHandoffFile).c_str(), times, 0), 0);
  EXPECT_EQ(read_handoff(worktree.path()).value_or(Handoff{}).timestamp, "2001-09-09T01:46:40.123Z");
}

TEST(HandoffFile, IsWholeWhoeverWritesAtTheSameTime) {
  const TempDir worktree;
  auto small = from("small");
  auto large = from("large");
  large.next_best_step.assign(200'000, 'x');
  ASSERT_TRUE(write_handoff(worktree.path(), small));
  std::atomic<int> writers = 2;
  const auto write_often = [&](const Handoff& handoff) {
    for (int i = 0; i < 40; ++i) EXPECT_TRUE(write_handoff(worktree.path(), handoff));
    --writers;
  };
  std::thread first(write_often, small);
  std::thread second(write_often, large);
  int reads = 0;
  while (writers > 0 || reads == 0) {
    const auto read = read_handoff(worktree.path());
    EXPECT_TRUE(read && (*read == small || *read == large)) << (read ? "a mixture" : read.error().what);
    ++reads;
  }
  first.join();
  second.join();
  EXPECT_EQ(files_in(worktree.path()), 1U);
}

}  // namespace
}  // namespace baton::handoff
