#include "verify/gate.hpp"

#include <chrono>
#include <cstdlib>
#include <string>

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "process/proc_stat.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::verify {
namespace {

using namespace std::chrono_literals;
using test::TempDir;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

Result<GateRun> try_gate(std::string directory, std::string command, std::chrono::nanoseconds timeout = 20s,
                         std::stop_token cancel = {}) {
  reactor::Loop loop;
  GateRequest request{std::move(command), std::move(directory), timeout, std::move(cancel)};
  return test::run_task(loop, run_gate(loop, nullptr, std::move(request)));
}

GateRun gate(const TempDir& worktree, std::string command, std::chrono::nanoseconds timeout = 20s) {
  auto run = try_gate(worktree.path(), std::move(command), timeout);
  require(run.has_value(), "the gate did not start");
  return *std::move(run);
}

// False for a zombie: it has ended, whoever has to reap it.
bool lives(int pid) {
  const auto stat = process::stat_of(pid);
  return stat && !stat->ended();
}

TEST(Gate, PassesOnExitZero) {
  const TempDir worktree;
  const auto run = gate(worktree, "echo out; echo err >&2");
  EXPECT_TRUE(run.passed);
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.stdout_tail, "out\n");
  EXPECT_EQ(run.stderr_tail, "err\n");
  EXPECT_FALSE(run.timed_out);
  EXPECT_GE(run.duration_ms, 0);
  EXPECT_EQ(run.command, "echo out; echo err >&2");
}

TEST(Gate, FailsWithTheExitCode) {
  const TempDir worktree;
  const auto run = gate(worktree, "exit 7");
  EXPECT_FALSE(run.passed);
  EXPECT_EQ(run.exit_code, 7);
}

TEST(Gate, RunsInTheWorktree) {
  const TempDir worktree;
  test::write_file(worktree / "test.sh", "#!/bin/sh\npwd\n", true);
  EXPECT_EQ(gate(worktree, "./test.sh").stdout_tail, worktree.path().native() + "\n");
}

TEST(Gate, HasNoExitCodeWhenASignalEndsIt) {
  const TempDir worktree;
  const auto run = gate(worktree, "kill -KILL $$");
  EXPECT_FALSE(run.passed);
  EXPECT_EQ(run.exit_code, std::nullopt);
}

TEST(Gate, FailsOnWhatIsNoCommand) {
  const TempDir worktree;
  const auto run = gate(worktree, "if then (");
  EXPECT_FALSE(run.passed);
  EXPECT_FALSE(run.stderr_tail.empty());
}

TEST(Gate, KeepsTheEndOfALongOutput) {
  const TempDir worktree;
  const auto run = gate(worktree, "i=0; while [ $i -lt 3000 ]; do echo \"line $i\"; i=$((i+1)); done; echo the end");
  EXPECT_TRUE(run.passed);
  EXPECT_THAT(run.stdout_tail, EndsWith("line 2999\nthe end\n"));
  EXPECT_LE(run.stdout_tail.size(), limits::kGateTail);
  EXPECT_GT(run.stdout_tail.size(), limits::kGateTail - 16);
}

TEST(Gate, KeepsWholeCharacters) {
  const TempDir worktree;
  const auto run = gate(
      worktree, "i=0; while [ $i -lt 3000 ]; do printf '\\303\\244\\342\\202\\254'; i=$((i+1)); done; printf '\\377x'");
  EXPECT_TRUE(text::is_utf8(run.stdout_tail));
  EXPECT_THAT(run.stdout_tail, EndsWith("\xE2\x82\xAC\xEF\xBF\xBDx"));
  EXPECT_LE(run.stdout_tail.size(), limits::kGateTail);
}

TEST(Gate, EndsWhatHangsWithItsChildren) {
  const TempDir worktree;
  const auto run = gate(
      worktree, "(trap '' TERM; echo $$ > leader; sh -c 'echo $$ > grandchild; sleep 300; :' & wait; wait)", 300ms);
  EXPECT_TRUE(run.timed_out);
  EXPECT_FALSE(run.passed);
  EXPECT_GE(run.duration_ms, 300);
  const int grandchild = std::atoi(test::read_file(worktree / "grandchild").c_str());
  ASSERT_GT(grandchild, 0);
  reactor::Loop loop;
  EXPECT_TRUE(test::run_until(loop, [&] { return !lives(grandchild); }));
}

TEST(Gate, DoesNotWaitForADetachedGrandchild) {
  const TempDir worktree;
  const auto begin = std::chrono::steady_clock::now();
  const auto run =
      gate(worktree, "sh -c 'echo $$ > grandchild; sleep 300; :' & while [ ! -s grandchild ]; do :; done; exit 0");
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 15s);
  const int grandchild = std::atoi(test::read_file(worktree / "grandchild").c_str());
  reactor::Loop loop;
  EXPECT_TRUE(test::run_until(loop, [&] { return !lives(grandchild); }));
}

TEST(Gate, SeesNoneOfTheDaemonsVariables) {
  const TempDir worktree;
  ::setenv("BATON_API_TOKEN", "hunter2", 1);
  ::setenv("SOME_PROVIDER_API_KEY", "hunter2", 1);
  ::setenv("NOTIFY_SOCKET", "hunter2", 1);
  const auto run = gate(worktree, "env; echo \"$PATH\"");
  for (const auto* name : {"BATON_API_TOKEN", "SOME_PROVIDER_API_KEY", "NOTIFY_SOCKET"}) ::unsetenv(name);
  EXPECT_THAT(run.stdout_tail, Not(HasSubstr("hunter2")));
  EXPECT_THAT(run.stdout_tail, HasSubstr("PATH="));
}

TEST(Gate, ReadsNothing) {
  const TempDir worktree;
  EXPECT_EQ(gate(worktree, "wc -c").stdout_tail, "0\n");
}

TEST(Gate, IsAnErrorWithoutAWorktree) {
  const auto run = try_gate("/nowhere/at/all", "true");
  ASSERT_FALSE(run);
  EXPECT_NE(run.error().code, Errc::kCancelled);
}

TEST(Gate, IsStoppedWhenAskedTo) {
  const TempDir worktree;
  reactor::Loop loop;
  std::stop_source stop;
  std::optional<Result<GateRun>> run;
  reactor::Scope scope(loop);
  GateRequest request{"echo > started; sleep 300; :", worktree.path(), 60s, stop.get_token()};
  scope.spawn(test::keep_result(run_gate(loop, nullptr, std::move(request)), &run));
  ASSERT_TRUE(test::run_until(loop, [&] { return std::filesystem::exists(worktree / "started"); }));
  stop.request_stop();
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  ASSERT_FALSE(*run);
  EXPECT_EQ(run->error().code, Errc::kCancelled);
}

TEST(UnsetGate, RanNothing) {
  const auto run = unset_gate();
  EXPECT_FALSE(run.passed);
  EXPECT_EQ(run.exit_code, std::nullopt);
  EXPECT_EQ(run.command, "(none configured)");
}

}  // namespace
}  // namespace baton::verify
