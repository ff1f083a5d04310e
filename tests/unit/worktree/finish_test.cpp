#include "tests/unit/worktree/harness.hpp"

namespace baton::worktree {
namespace {

using Finish = WorktreeTest;

TEST_F(Finish, PauseCommitsEverythingAndKeepsTheBranch) {
  const auto made = provisioned();
  test::write_file(made.path / "new", "x");
  test::write_file(made.path / "README", "changed");
  in(made, "git add README");
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_TRUE(paused->committed);
  EXPECT_EQ(paused->head, tip(made));
  EXPECT_FALSE(std::filesystem::exists(made.path));
  EXPECT_EQ(registered(), 1);
  EXPECT_EQ(repo.line("git log -1 --format=%s " + made.branch), "clawboo: pause task t1");
  EXPECT_EQ(repo.run("git show " + made.branch + ":README"), "changed");
}

TEST_F(Finish, PauseOfACleanTreeCommitsNothing) {
  const auto made = provisioned();
  const auto before = git.started();
  const auto paused = run(worktrees.pause(made));
  EXPECT_EQ(git.started() - before, 5u);  // four of git: the index, the files twice, the removal; and one `rm`
  EXPECT_FALSE(paused->committed);
  EXPECT_EQ(paused->head, made.baseline_commit);
}

TEST_F(Finish, PauseIsRepeatable) {
  const auto made = provisioned();
  test::write_file(made.path / "new", "x");
  const auto first = *run(worktrees.pause(made));
  const auto second = *run(worktrees.pause(made));
  EXPECT_FALSE(second.committed);
  EXPECT_EQ(second.head, first.head);
  repo.run("git branch -q -D " + made.branch);
  EXPECT_EQ(run(worktrees.pause(made)).error().reason, "branch_gone");
}

TEST_F(Finish, PauseSavesAHandoffThatTheRepositoryIgnores) {
  repo.commit(".gitignore", "*.json\n");
  const auto made = provisioned();
  test::write_file(made.path / "AGENT_HANDOFF.json", "{}");
  EXPECT_TRUE(run(worktrees.pause(made))->committed);
  EXPECT_EQ(test::read_file(run(worktrees.resume(made))->path / "AGENT_HANDOFF.json"), "{}");
}

TEST_F(Finish, PauseFollowsAnAgentThatLeftTheBranch) {
  for (const auto* leave : {"git checkout -q --detach", "git checkout -q -b elsewhere"}) {
    const auto made = provisioned();
    in(made, leave);
    test::write_file(made.path / "work", leave);
    const auto paused = *run(worktrees.pause(made));
    EXPECT_TRUE(paused.committed);
    EXPECT_EQ(tip(made), paused.head) << leave;
    EXPECT_EQ(test::read_file(run(worktrees.resume(made))->path / "work"), leave);
  }
  EXPECT_TRUE(repo.has_ref("refs/baton/salvage/t1/1"));
}

// The agent left its branch, and the user looks at it in a tree of his own.
class FinishElsewhere : public WorktreeTest {
 protected:
  Worktree left() {
    auto made = provisioned();
    in(made, "git checkout -q --detach");
    repo.run("git checkout -q " + made.branch);
    return made;
  }
};

TEST_F(FinishElsewhere, PauseDoesNotMoveTheBranchUnderTheUser) {
  const auto made = left();
  test::write_file(made.path / "work", "precious");
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_EQ(paused->kept_as, "refs/baton/salvage/t1/1");
  EXPECT_EQ(repo.line("git rev-parse " + paused->kept_as), paused->head);
  EXPECT_EQ(repo.run("git show " + paused->head + ":work"), "precious");
  EXPECT_EQ(tip(made), made.baseline_commit);
  EXPECT_EQ(repo.run("git status --porcelain"), "");
  EXPECT_FALSE(std::filesystem::exists(made.path));
}

TEST_F(FinishElsewhere, CollectingDoesNotEither) {
  const auto made = left();
  test::write_file(made.path / "work", "precious");
  const auto found = run(worktrees.find_ours());
  ASSERT_EQ(found.size(), 1u);
  const auto reaped = run(worktrees.reap(found.front(), [] { return true; }));
  ASSERT_TRUE(reaped) << reaped.error().what;
  EXPECT_EQ(repo.run("git show refs/baton/salvage/t1/1:work"), "precious");
  EXPECT_EQ(repo.run("git status --porcelain"), "");
}

TEST_F(FinishElsewhere, CompleteLeavesTheBranch) {
  const auto made = left();
  test::write_file(made.path / "task-progress.md", "looked\n");
  EXPECT_TRUE(run(worktrees.complete(made))->cleaned);
  EXPECT_FALSE(std::filesystem::exists(made.path));
  EXPECT_EQ(repo.line("git symbolic-ref --short HEAD"), made.branch);
  EXPECT_EQ(tip(made), made.baseline_commit);
  EXPECT_EQ(repo.run("git show refs/baton/salvage/t1/1:task-progress.md"), "looked\n");
  EXPECT_TRUE(run(worktrees.complete(made))->cleaned);  // again, as after an interruption
  EXPECT_EQ(tip(made), made.baseline_commit);
  repo.run("git checkout -q main");
  EXPECT_TRUE(run(worktrees.complete(made))->cleaned);
  EXPECT_FALSE(has_branch(made));
}

TEST_F(Finish, PauseInTheMiddleOfAMergeSavesTheTree) {
  const auto made = provisioned();
  repo.commit("README", "theirs\n");
  test::write_file(made.path / "README", "ours\n");
  in(made, "git add . && git commit -q -m ours && ! git merge -q main >/dev/null 2>&1");
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_THAT(repo.run("git show " + made.branch + ":README"), testing::HasSubstr("<<<<<<<"));
}

TEST_F(Finish, PauseKeepsATreeWithARepositoryInside) {
  for (const auto* make : {"git init -q inside && echo x > inside/file", "cd inside && git add . && git commit -q -m x",
                           "git add . 2>/dev/null && git commit -q -m 'the repository too'"}) {
    const auto made = provisioned();
    in(made, make);
    test::write_file(made.path / "work", "x");
    const auto paused = run(worktrees.pause(made));
    ASSERT_FALSE(paused);
    EXPECT_EQ(paused.error().code, Errc::kConflict);
    EXPECT_EQ(paused.error().reason, "nested_repository");
    EXPECT_EQ(test::read_file(made.path / "inside/file"), "x\n");
    EXPECT_TRUE(run(worktrees.is_usable(made.repository, made.path)));
  }
}

TEST_F(Finish, PauseWorksBesideEmptySubmodulesAndKeepsFilledOnes) {
  repo.run("git update-index --add --cacheinfo 160000," + repo.head() + ",lib && git commit -q -m sub");
  const auto made = provisioned();
  test::write_file(made.path / "work", "x");
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  const auto again = *run(worktrees.resume(made));
  test::write_file(again.path / "lib/file", "precious");
  EXPECT_FALSE(run(worktrees.pause(again)));
  EXPECT_EQ(test::read_file(again.path / "lib/file"), "precious");
}

TEST_F(Finish, PauseGetsPastTheLockOfAKilledGitButNotOfALivingOne) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "x");
  const auto lock = checkout_of(made).git_dir / "index.lock";
  test::write_file(lock, "");
  const auto refused = run(worktrees.pause(made));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "git_locked");
  EXPECT_TRUE(std::filesystem::exists(made.path / "work"));
  std::filesystem::last_write_time(lock, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_TRUE(run(worktrees.pause(made))->committed);
}

TEST_F(Finish, PauseRefusesAPathThatIsNotTheTasks) {
  auto made = provisioned();
  made.path = repo.path();
  EXPECT_EQ(run(worktrees.pause(made)).error().reason, "wrong_path");
  EXPECT_TRUE(std::filesystem::exists(repo.path() / "README"));
}

TEST_F(Finish, PauseOfABrokenTreeRemovesNothing) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "x");
  std::filesystem::remove(made.path / ".git");
  EXPECT_EQ(run(worktrees.pause(made)).error().reason, "broken_worktree");
  EXPECT_TRUE(std::filesystem::exists(made.path / "work"));
}

// An error is not absence: the checkout may hold work.
TEST_F(Finish, PauseOfATreeThatCannotBeReachedIsNoSuccess) {
  const auto made = provisioned();
  const auto folder = made.path.parent_path();
  std::filesystem::rename(folder, folder.string() + ".away");
  std::filesystem::create_symlink(folder, folder);  // a loop; a closed directory would not stop root
  for (const auto& error : {run(worktrees.pause(made)).error(), run(worktrees.complete(made)).error(),
                            run(worktrees.provision(request())).error()}) {
    EXPECT_EQ(error.code, Errc::kUnavailable) << error.what;
    EXPECT_EQ(error.reason, "checkout_unreachable");
  }
}

TEST_F(Finish, ADamagedTreeIsNamedAndStays) {
  for (const auto* damage : {"echo garbage > HEAD", "echo garbage > index", "rm index && mkdir index", ": > index"}) {
    const auto made = provisioned(std::string("t") + std::to_string(registered()));
    test::write_file(made.path / "work", "precious");
    EXPECT_FALSE(worktrees.is_damaged(made.path));
    test::shell(checkout_of(made).git_dir, damage);
    EXPECT_TRUE(worktrees.is_damaged(made.path)) << damage;
    for (const auto& error : {run(worktrees.diff(made)).error(), run(worktrees.pause(made)).error(),
                              run(worktrees.resume(made)).error(), run(worktrees.complete(made)).error()}) {
      EXPECT_EQ(error.reason, "broken_worktree") << damage << ": " << error.what;
    }
    EXPECT_EQ(test::read_file(made.path / "work"), "precious");
  }
}

TEST_F(Finish, CheckpointCommitsAndStays) {
  const auto made = provisioned();
  EXPECT_EQ(*run(worktrees.checkpoint(made)), made.baseline_commit);
  test::write_file(made.path / "work", "x");
  const auto head = *run(worktrees.checkpoint(made));
  EXPECT_EQ(head, tip(made));
  EXPECT_EQ(in(made, "git log -1 --format=%s"), "clawboo: checkpoint task t1");
  EXPECT_EQ(run(worktrees.diff_stat(made))->files_changed, 1);
}

TEST_F(Finish, CompleteRemovesAnUnchangedTreeAndItsBranch) {
  const auto made = provisioned();
  const auto completed = run(worktrees.complete(made));
  ASSERT_TRUE(completed) << completed.error().what;
  EXPECT_TRUE(completed->cleaned);
  EXPECT_FALSE(completed->diff.dirty);
  EXPECT_FALSE(std::filesystem::exists(made.path));
  EXPECT_FALSE(has_branch(made));
  EXPECT_EQ(registered(), 1);
  EXPECT_EQ(repo.line("git rev-parse refs/baton/salvage/t1/1"), made.baseline_commit);
}

TEST_F(Finish, CompleteOfAnUnchangedTreeIsFiveProcessesOfGit) {
  const auto made = provisioned();
  const auto before = git.started();
  ASSERT_TRUE(run(worktrees.complete(made))->cleaned);
  EXPECT_EQ(git.started() - before, 6u);  // the index, the files twice, the removal, the refs; and one `rm`
}

TEST_F(Finish, CompleteCountsOnWithinATask) {
  for (int n = 1; n <= 3; ++n) {
    const auto made = provisioned();
    test::write_file(made.path / "task-progress.md", std::to_string(n));
    ASSERT_TRUE(run(worktrees.complete(made))->cleaned);
    EXPECT_EQ(repo.run("git show refs/baton/salvage/t1/" + std::to_string(n) + ":task-progress.md"), std::to_string(n));
  }
}

// The daemon was killed after the checkout was gone, with and without the branch.
TEST_F(Finish, CompleteGoesOnWhereItWasInterrupted) {
  const auto made = provisioned();
  ASSERT_TRUE(run(worktrees.complete(made))->cleaned);
  EXPECT_TRUE(run(worktrees.complete(made))->cleaned);
  repo.run("git branch " + made.branch + " " + made.baseline_commit);
  EXPECT_TRUE(run(worktrees.complete(made))->cleaned);
  EXPECT_FALSE(has_branch(made));
}

TEST_F(Finish, CompleteOfAPausedTreeIsRefused) {
  const auto made = provisioned();
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_EQ(run(worktrees.complete(made)).error().reason, "no_checkout");
  EXPECT_TRUE(has_branch(made));
  ASSERT_TRUE(run(worktrees.complete(*run(worktrees.resume(made))))->cleaned);
  repo.run("git branch " + made.branch + " main");  // not what was completed
  EXPECT_EQ(run(worktrees.complete(made)).error().reason, "no_checkout");
  EXPECT_TRUE(has_branch(made));
}

TEST_F(Finish, CompleteKeepsNotesUnderASalvageRef) {
  const auto made = provisioned();
  test::write_file(made.path / "task-progress.md", "looked, found nothing\n");
  EXPECT_TRUE(run(worktrees.complete(made))->cleaned);
  EXPECT_FALSE(has_branch(made));
  EXPECT_EQ(repo.run("git show refs/baton/salvage/t1/1:task-progress.md"), "looked, found nothing\n");
}

TEST_F(Finish, CompleteKeepsCommitsThatCancelOut) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "precious");
  in(made, "git add . && git commit -q -m work && git revert -n HEAD && git commit -q -m back");
  const auto head = tip(made);
  EXPECT_TRUE(run(worktrees.complete(made))->cleaned);
  EXPECT_EQ(repo.line("git rev-parse refs/baton/salvage/t1/1"), head);
}

TEST_F(Finish, CompleteLeavesWorkAlone) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "x\ny\n");
  const auto completed = *run(worktrees.complete(made));
  EXPECT_FALSE(completed.cleaned);
  EXPECT_TRUE(completed.diff.dirty);
  EXPECT_EQ(completed.diff.files_changed, 1);
  EXPECT_EQ(completed.diff.insertions, 2);
  EXPECT_TRUE(std::filesystem::exists(made.path / "work"));
  EXPECT_EQ(tip(made), made.baseline_commit);
}

TEST_F(Finish, CompleteIsNotFooledByACommitThatQuotesTheScaffold) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "precious");
  in(made, "git add . && git commit -q -m 'clawboo: scaffold task t1'");
  EXPECT_FALSE(run(worktrees.complete(made))->cleaned);
  Worktree forgetful = made;
  forgetful.baseline_commit.clear();
  std::filesystem::remove(checkout_of(made).git_dir / "baton-task");
  EXPECT_FALSE(run(worktrees.complete(forgetful))->cleaned);
  EXPECT_TRUE(std::filesystem::exists(made.path / "work"));
}

TEST_F(Finish, ATaskCanBeProvisionedAgainAfterItsEnd) {
  const auto made = provisioned();
  ASSERT_TRUE(run(worktrees.complete(made))->cleaned);
  const auto again = provisioned();
  EXPECT_EQ(again.path, made.path);
  EXPECT_EQ(again.base_commit, repo.head());
}

TEST_F(Finish, OperationsOnOneWorktreeWaitForEachOther) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "x");
  reactor::Scope scope(loop);
  std::optional<Result<std::string>> diff;
  std::optional<Result<Paused>> paused;
  std::optional<Result<DiffStat>> late;
  scope.spawn(test::keep_result(worktrees.diff(made), &diff));
  scope.spawn(test::keep_result(worktrees.pause(made), &paused));
  scope.spawn(test::keep_result(worktrees.diff_stat(made), &late));
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  EXPECT_THAT(**diff, testing::HasSubstr("b/work"));
  EXPECT_TRUE((*paused)->committed);
  EXPECT_EQ(late->error().reason, "no_checkout");
}

}  // namespace
}  // namespace baton::worktree
