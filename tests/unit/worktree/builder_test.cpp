// What provision does with what it finds: branches, directories and half made worktrees of earlier times.
#include "worktree/builder.hpp"

#include "tests/unit/worktree/harness.hpp"
#include "worktree/opened.hpp"

namespace baton::worktree {
namespace {

using BuildOn = WorktreeTest;

TEST_F(BuildOn, GoesOnWithABranchThatCarriesTheScaffold) {
  const auto first = provisioned();
  test::write_file(first.path / "work", "precious");
  const auto paused = *run(worktrees.pause(first));
  repo.commit("later", "x");
  const auto again = provisioned();
  EXPECT_EQ(again.baseline_commit, first.baseline_commit);
  EXPECT_EQ(again.base_commit, first.base_commit);
  EXPECT_EQ(tip(again), paused.head);
  EXPECT_EQ(test::read_file(again.path / "work"), "precious");
  EXPECT_TRUE(run(worktrees.diff_stat(again))->dirty);
}

TEST_F(BuildOn, RemembersTheUsersFilesOfABranchItGoesOnWith) {
  repo.commit("TASK.md", "mine\n");
  repo.commit("init.sh", "# Task: an earlier scaffold\n");
  const auto first = provisioned();
  ASSERT_TRUE(run(worktrees.pause(first)));
  EXPECT_EQ(provisioned().user_files, first.user_files);
}

TEST_F(BuildOn, TakesABranchAtTheBranchPoint) {
  repo.run("git branch clawboo/task-t1");
  const auto made = provisioned();
  EXPECT_EQ(tip(made), made.baseline_commit);
  EXPECT_EQ(repo.run("git for-each-ref refs/baton"), "");
}

TEST_F(BuildOn, KeepsTheCommitsOfABranchBeforeItIsMoved) {
  repo.run("git checkout -q -b clawboo/task-t1");
  const auto work = repo.commit("work", "precious");
  repo.run("git checkout -q main");
  const auto made = provisioned();
  EXPECT_EQ(made.base_commit, repo.head());
  EXPECT_FALSE(std::filesystem::exists(made.path / "work"));
  EXPECT_EQ(repo.line("git rev-parse refs/baton/salvage/t1/1"), work);
}

TEST_F(BuildOn, LeavesABranchThatIsCheckedOutElsewhere) {
  repo.run("git worktree add -q -b clawboo/task-t1 ../mine");
  const auto made = run(worktrees.provision(request()));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, "branch_in_use");
  EXPECT_NE(made.error().what.find("/mine"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(repo.around() / "mine/README"));
}

TEST_F(BuildOn, PutsAsideWhatLiesInTheWay) {
  const auto first = provisioned();
  ASSERT_TRUE(run(worktrees.pause(first)));
  test::write_file(first.path / "precious", "not ours");
  const auto again = provisioned();
  EXPECT_FALSE(std::filesystem::exists(again.path / "precious"));
  EXPECT_EQ(test::read_file(first.path.parent_path() / ".orphans/t1.1/precious"), "not ours");
}

TEST_F(BuildOn, UsesAnEmptyDirectory) {
  const auto first = provisioned();
  ASSERT_TRUE(run(worktrees.pause(first)));
  std::filesystem::create_directory(first.path);
  provisioned();
  EXPECT_FALSE(std::filesystem::exists(first.path.parent_path() / ".orphans/t1.1"));
}

TEST_F(BuildOn, ForgetsARegistrationWhoseDirectoryIsGone) {
  const auto first = provisioned();
  test::write_file(first.path / "work", "x");
  ASSERT_TRUE(run(worktrees.checkpoint(first)));
  std::filesystem::remove_all(first.path);
  const auto again = provisioned();
  EXPECT_EQ(test::read_file(again.path / "work"), "x");
  EXPECT_EQ(registered(), 2);
}

TEST_F(BuildOn, TriesAgainAfterClearingALockedRegistration) {
  const auto made = provisioned();
  test::write_file(checkout_of(made).git_dir / "locked", "initializing\n");
  std::filesystem::remove_all(made.path);
  repo.run("git update-ref -d refs/heads/" + made.branch);
  const auto again = run(worktrees.provision(request()));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(test::read_file(again->path / "README"), "hello\n");
  EXPECT_EQ(registered(), 2);
  EXPECT_EQ(repo.line("git rev-list --count main.." + again->branch), "1");
}

TEST_F(BuildOn, MakesAnewWhatAKilledDaemonLeftHalfMade) {
  const auto point = repo.head();
  const auto made = provisioned();
  const auto checkout = checkout_of(made);
  const auto half = [&](const std::string& script) {  // back to the time before the scaffold was committed
    in(made, "git reset -q --hard " + point);
    test::shell(checkout.git_dir, script);
    const auto again = run(worktrees.provision(request()));
    ASSERT_TRUE(again) << script << again.error().what;
    EXPECT_EQ(in(*again, "git rev-list --count " + point + "..HEAD"), "1") << script;
    EXPECT_EQ(test::read_file(again->path / "TASK.md"), "# Task: t1\n") << script;
    EXPECT_TRUE(read_marker(checkout_of(*again))->complete()) << script;
  };
  half("echo task t1 > baton-task; echo half > " + text::shell_quoted((made.path / "TASK.md").string()));
  half("rm baton-task");
  half("rm baton-task && echo initializing > locked && echo x > " +
       text::shell_quoted((made.path / "README").string()));
}

TEST_F(BuildOn, MakesAnewWhatWasStillBeingMade) {
  const auto made = provisioned();
  const auto checkout = checkout_of(made);
  const auto half = [&](const std::string& script) {  // back to the time before it was handed out
    test::write_file(checkout.git_dir / "locked", std::string(kMakingLock) + "\n");
    test::shell(made.path, script);
    EXPECT_FALSE(run(worktrees.is_usable(repo.path(), made.path)));
    EXPECT_EQ(run(worktrees.pause(made)).error().reason, "no_checkout");
    EXPECT_EQ(run(worktrees.complete(made)).error().reason, "no_checkout");
    const auto again = run(worktrees.provision(request()));
    ASSERT_TRUE(again) << script << again.error().what;
    EXPECT_EQ(again->baseline_commit, made.baseline_commit);
    EXPECT_EQ(in(*again, "git status --porcelain && ls"), "README\nTASK.md\ninit.sh") << script;
    EXPECT_FALSE(std::filesystem::exists(checkout_of(*again).git_dir / "locked"));
  };
  half("rm -r README TASK.md; rm $(git rev-parse --git-dir)/index");
  half("rm $(git rev-parse --git-dir)/baton-task; echo half > init.sh");
  half("true");
}

TEST_F(BuildOn, LeavesALockOfTheUser) {
  const auto made = provisioned();
  repo.run("git worktree lock --reason mine " + text::shell_quoted(made.path.string()));
  provisioned();
  EXPECT_EQ(test::read_file(checkout_of(made).git_dir / "locked"), "mine\n");
}

TEST_F(BuildOn, FinishesWhenOnlyTheMarkerIsMissing) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "precious");
  std::filesystem::remove(checkout_of(made).git_dir / "baton-task");
  const auto again = provisioned();
  EXPECT_EQ(again.baseline_commit, made.baseline_commit);
  EXPECT_EQ(again.base_commit, made.base_commit);
  EXPECT_EQ(test::read_file(again.path / "work"), "precious");
}

TEST_F(BuildOn, RefusesAWorktreeThatSomebodyElsePutThere) {
  const auto made = provisioned();
  ASSERT_TRUE(run(worktrees.pause(made)));
  repo.run("git branch -q -D clawboo/task-t1 && git worktree add -q -b theirs " +
           text::shell_quoted(made.path.string()));
  test::write_file(made.path / "work", "precious");
  EXPECT_EQ(run(worktrees.provision(request())).error().reason, "foreign_worktree");
  EXPECT_EQ(test::read_file(made.path / "work"), "precious");
}

}  // namespace
}  // namespace baton::worktree
