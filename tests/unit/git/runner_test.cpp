#include "git/runner.hpp"

#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::git {
namespace {

using namespace std::chrono_literals;

// A program in git's place.
class FakeGit {
 public:
  explicit FakeGit(const std::string& script) { test::write_file(dir_ / "git", "#!/bin/sh\n" + script + "\n", true); }
  Options options() const {
    Options options;
    options.program = (dir_ / "git").string();
    return options;
  }
  const test::TempDir& dir() const { return dir_; }

 private:
  test::TempDir dir_;
};

Invocation invocation(std::vector<std::string> arguments) {
  Invocation made;
  made.directory = "/";
  made.arguments = std::move(arguments);
  return made;
}

TEST(Runner, ADeadlineNamesTheCommand) {
  const FakeGit hanging("sleep 60 & wait");
  auto options = hanging.options();
  options.timeout = 50ms;
  reactor::Loop loop;
  Runner runner(loop, options);
  const auto text = test::run_task(loop, runner.output(invocation({"fsck", "--full"})));
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, Errc::kTimeout);
  EXPECT_NE(text.error().what.find("git fsck --full"), std::string::npos);
  EXPECT_NE(text.error().what.find("50 ms"), std::string::npos);
}

TEST(Runner, TooMuchOutputIsAnErrorUnlessAllowed) {
  const FakeGit flood("yes");
  reactor::Loop loop;
  Runner runner(loop, flood.options());
  auto asked = invocation({"log"});
  asked.capture = 1000;
  EXPECT_EQ(test::run_task(loop, runner.output(asked)).error().code, Errc::kTooLarge);
  asked.may_be_cut = true;
  EXPECT_EQ(test::run_task(loop, runner.run(asked))->out.size(), 1000u);
}

TEST(Runner, RunsAFewAtATime) {
  const FakeGit one("mkdir \"$1/running\" || exit 1; sleep 0.02; rmdir \"$1/running\"");
  auto options = one.options();
  options.at_once = 1;
  reactor::Loop loop;
  Runner runner(loop, options);
  reactor::Scope scope(loop);
  std::vector<std::optional<Result<std::string>>> results(8);
  for (auto& result : results)
    scope.spawn(test::keep_result(runner.output(invocation({one.dir().path().string()})), &result));
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  for (const auto& result : results) EXPECT_TRUE(result->has_value());
  EXPECT_EQ(runner.started(), 8u);
}

TEST(Runner, CancelEndsWhatRunsAndRefusesTheRest) {
  const FakeGit hanging("sleep 60");
  reactor::Loop loop;
  Runner runner(loop, hanging.options());
  reactor::Scope scope(loop);
  std::vector<std::optional<Result<std::string>>> results(5);
  for (auto& result : results) scope.spawn(test::keep_result(runner.output(invocation({"x"})), &result));
  ASSERT_TRUE(test::run_until(loop, [&] { return runner.started() == 2; }));
  runner.cancel_all();
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  for (const auto& result : results) {
    EXPECT_EQ(result->error().code, Errc::kCancelled);
    EXPECT_EQ(result->error().reason, "stopping");
  }
  EXPECT_EQ(runner.started(), 2u);
}

TEST(Runner, SaysWhatCannotBeStarted) {
  reactor::Loop loop;
  Options missing;
  missing.program = "no-such-git";
  Runner without(loop, missing);
  EXPECT_EQ(test::run_task(loop, without.output(invocation({"x"}))).error().reason, "no_git");
  Runner runner(loop, {});
  auto nowhere = invocation({"status"});
  nowhere.directory = "/no/such/folder";
  EXPECT_EQ(test::run_task(loop, runner.output(nowhere)).error().reason, "not_a_repository");
}

TEST(Runner, KeepsTheDaemonsOwnVariablesAway) {
  ::setenv("GIT_DIR", "/elsewhere", 1);
  ::setenv("BATON_SECRET", "x", 1);
  const FakeGit env("env");
  reactor::Loop loop;
  Runner runner(loop, env.options());
  ::unsetenv("GIT_DIR");
  ::unsetenv("BATON_SECRET");
  const auto text = test::run_task(loop, runner.output(invocation({})));
  EXPECT_EQ(text->find("GIT_DIR="), std::string::npos);
  EXPECT_EQ(text->find("BATON_"), std::string::npos);
  EXPECT_NE(text->find("GIT_TERMINAL_PROMPT=0"), std::string::npos);
}

TEST(Runner, RemovesATree) {
  test::TempDir dir;
  test::write_file(dir / "-rf x/y/z", "");
  reactor::Loop loop;
  Runner runner(loop, {});
  EXPECT_TRUE(test::run_task(loop, runner.tool({"rm", "-rf", "--", (dir / "-rf x").string()})));
  EXPECT_FALSE(std::filesystem::exists(dir / "-rf x"));
  EXPECT_TRUE(test::run_task(loop, runner.tool({"rm", "-rf", "--", (dir / "not there").string()})));
}

}  // namespace
}  // namespace baton::git
