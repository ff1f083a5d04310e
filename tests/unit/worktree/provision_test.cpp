#include "tests/unit/worktree/harness.hpp"

namespace baton::worktree {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Provision = WorktreeTest;

TEST_F(Provision, MakesACheckoutWithTheScaffoldAsItsFirstCommit) {
  const auto made = provisioned();
  EXPECT_EQ(made.repository, repo.path());
  EXPECT_EQ(made.branch, "clawboo/task-t1");
  EXPECT_EQ(made.base_commit, repo.head());
  EXPECT_EQ(made.baseline_commit, tip(made));
  EXPECT_THAT(made.user_files, IsEmpty());
  EXPECT_EQ(made.path.parent_path().parent_path(), state() / "worktrees");
  EXPECT_EQ(test::read_file(made.path / "TASK.md"), "# Task: t1\n");
  EXPECT_EQ(test::read_file(made.path / "README"), "hello\n");
  EXPECT_EQ(in(made, "git log --format='%s|%an <%ae>|%P' -1"),
            "clawboo: scaffold task t1|clawboo <clawboo@localhost>|" + made.base_commit);
  EXPECT_EQ(in(made, "git status --porcelain; git ls-files -s init.sh | cut -c1-6"), "100755");
}

TEST_F(Provision, StartsFiveProcesses) {
  provisioned();
  EXPECT_EQ(git.started(), 5u);
}

TEST_F(Provision, TakesTheCommitNotTheDirtyTree) {
  test::write_file(repo.path() / "README", "dirty");
  test::write_file(repo.path() / "new", "dirty");
  const auto before = repo.run("git status --porcelain");
  const auto made = provisioned();
  EXPECT_EQ(test::read_file(made.path / "README"), "hello\n");
  EXPECT_FALSE(std::filesystem::exists(made.path / "new"));
  EXPECT_EQ(repo.run("git status --porcelain"), before);
}

TEST_F(Provision, BeginsWhereItIsTold) {
  const auto first = repo.head();
  repo.commit("later", "x");
  auto asked = request();
  asked.base = "main~1";
  EXPECT_EQ(run(worktrees.provision(asked))->base_commit, first);
}

TEST_F(Provision, RefusesBadInputAndLeavesNothing) {
  const auto reason = [&](auto change) {
    auto asked = request();
    change(asked);
    const auto made = run(worktrees.provision(std::move(asked)));
    return made ? "made" : std::string(made.error().reason);
  };
  EXPECT_EQ(reason([](auto& asked) { asked.base = "nope"; }), "bad_ref");
  EXPECT_EQ(reason([](auto& asked) { asked.base = "--detach"; }), "bad_ref");
  EXPECT_EQ(reason([](auto& asked) { asked.task_id = TaskId("../x"); }), "unsafe_task_id");
  EXPECT_EQ(reason([&](auto& asked) { asked.repository = repo.around() / "none"; }), "not_a_repository");
  EXPECT_EQ(reason([&](auto& asked) { asked.repository = state_.path(); }), "not_a_repository");
  EXPECT_EQ(reason([](auto& asked) { asked.repository = "relative"; }), "not_a_repository");
  test::shell(repo.around(), "git init -q unborn");
  EXPECT_EQ(reason([&](auto& asked) { asked.repository = repo.around() / "unborn"; }), "no_commits");
  EXPECT_FALSE(std::filesystem::exists(state()));
  EXPECT_EQ(registered(), 1);
}

TEST_F(Provision, GivesTheSameWorktreeAgain) {
  const auto first = provisioned();
  test::write_file(first.path / "work", "precious");
  repo.commit("later", "x");
  const auto second = provisioned();
  EXPECT_EQ(second.path, first.path);
  EXPECT_EQ(second.base_commit, first.base_commit);
  EXPECT_EQ(second.baseline_commit, first.baseline_commit);
  EXPECT_EQ(test::read_file(first.path / "work"), "precious");
}

TEST_F(Provision, FourAtOnceGiveOneWorktree) {
  reactor::Scope scope(loop);
  std::vector<std::optional<Result<Worktree>>> made(4);
  for (auto& one : made) scope.spawn(test::keep_result(worktrees.provision(request()), &one));
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  for (const auto& one : made) {
    ASSERT_TRUE(one->has_value()) << one->error().what;
    EXPECT_EQ((*one)->path, (*made[0])->path);
    EXPECT_EQ((*one)->baseline_commit, (*made[0])->baseline_commit);
  }
  EXPECT_EQ(registered(), 2);
  EXPECT_EQ(repo.line("git rev-list --count main.." + (*made[0])->branch), "1");
}

TEST_F(Provision, ManyTasksOfOneRepositoryAtOnce) {
  reactor::Scope scope(loop);
  std::vector<std::optional<Result<Worktree>>> made(8);
  for (std::size_t i = 0; i < made.size(); ++i)
    scope.spawn(test::keep_result(worktrees.provision(request("t" + std::to_string(i))), &made[i]));
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  for (const auto& one : made) EXPECT_TRUE(one->has_value()) << one->error().what;
  EXPECT_EQ(registered(), 9);
}

TEST_F(Provision, KeepsTheUsersOwnFiles) {
  repo.commit("TASK.md", "mine\n");
  const auto made = provisioned();
  EXPECT_THAT(made.user_files, ElementsAre("TASK.md"));
  EXPECT_EQ(test::read_file(made.path / "TASK.md"), "mine\n");
  EXPECT_FALSE(run(worktrees.diff_stat(made))->dirty);
  test::write_file(made.path / "TASK.md", "mine, changed\n");
  test::write_file(made.path / "init.sh", "changed, but ours\n");
  EXPECT_EQ(run(worktrees.diff_stat(made))->files_changed, 1);
  EXPECT_THAT(*run(worktrees.diff(made)), testing::HasSubstr("+mine, changed"));
}

TEST_F(Provision, ReplacesTheScaffoldOfAnEarlierTask) {
  repo.commit("TASK.md", "# Task: earlier\n");
  const auto made = provisioned();
  EXPECT_THAT(made.user_files, IsEmpty());
  EXPECT_EQ(test::read_file(made.path / "TASK.md"), "# Task: t1\n");
}

TEST_F(Provision, CommitsItsScaffoldWhereTheRepositoryIgnoresIt) {
  repo.commit(".gitignore", "*.md\n*.sh\n");
  const auto made = provisioned();
  EXPECT_EQ(in(made, "git ls-files TASK.md init.sh"), "TASK.md\ninit.sh");
}

TEST_F(Provision, WorksWhenEveryNameIsTheUsers) {
  for (const auto* name :
       {"TASK.md", "task-progress.md", "DECISIONS.json", "init.sh", "VERIFICATION.md", "AGENT_HANDOFF.json"})
    repo.commit(name, "mine");
  const auto made = provisioned();
  EXPECT_EQ(made.user_files.size(), 6u);
  EXPECT_NE(made.baseline_commit, made.base_commit);
}

TEST_F(Provision, WorksInAHostileRepository) {
  repo.run(
      "git config commit.gpgsign true && git config core.autocrlf true && git config user.useConfigOnly true && "
      "git config core.safecrlf true && git config checkout.defaultRemote x && git config branch.autoSetupMerge "
      "always");
  for (const auto* hook : {"pre-commit", "post-checkout", "post-commit", "commit-msg", "reference-transaction"})
    test::write_file(repo.path() / ".git/hooks" / hook, "#!/bin/sh\nexit 1\n", true);
  const auto made = provisioned();
  EXPECT_EQ(test::read_file(made.path / "README"), "hello\r\n");  // what the repository asked for
  test::write_file(made.path / "work", "a\n");
  EXPECT_EQ(run(worktrees.diff_stat(made))->files_changed, 1);
  EXPECT_TRUE(run(worktrees.pause(made))->committed);
}

TEST_F(Provision, WorksFromWorktreesDirectoriesBareAndOddlyNamedRepositories) {
  test::write_file(repo.path() / "sub/file", "x");
  repo.run("git worktree add -q ../linked && git clone -q --bare . ../bare.git");
  const test::TestRepo odd("it's \"odd\"\nindeed");
  int number = 0;
  for (const auto& path : {repo.path() / "sub", repo.around() / "linked", repo.around() / "bare.git", odd.path()}) {
    auto asked = request("t" + std::to_string(++number));
    asked.repository = path;
    const auto made = run(worktrees.provision(asked));
    ASSERT_TRUE(made) << made.error().what;
    test::write_file(made->path / "work", "x");
    EXPECT_EQ(run(worktrees.diff_stat(*made))->files_changed, 1) << path;
    EXPECT_TRUE(run(worktrees.is_usable(path, made->path))) << path;
    EXPECT_TRUE(run(worktrees.pause(*made))->committed) << path;
    EXPECT_EQ(test::read_file(run(worktrees.resume(*made))->path / "work"), "x") << path;
  }
}

TEST_F(Provision, AFailedOneLeavesNoLitter) {
  repo.commit(".gitattributes", "README filter=broken\n");
  repo.run("git config filter.broken.smudge false && git config filter.broken.required true");
  const auto made = run(worktrees.provision(request()));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::kUnprocessable);
  EXPECT_EQ(registered(), 1);
  EXPECT_FALSE(repo.has_ref("refs/heads/clawboo/task-t1"));
  EXPECT_EQ(repo.run("ls .git/worktrees 2>/dev/null || true"), "");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(state()))
    EXPECT_NE(entry.path().filename(), "t1");
  repo.run("git config --unset filter.broken.smudge && git config filter.broken.required false");
  EXPECT_TRUE(run(worktrees.provision(request())));
}

TEST_F(Provision, AnImpossibleScaffoldLeavesNoLitter) {
  auto asked = request();
  asked.scaffold.push_back({"not/one/of/ours", "x", false});
  EXPECT_EQ(run(worktrees.provision(asked)).error().code, Errc::kInvalid);
  EXPECT_EQ(registered(), 1);
  EXPECT_FALSE(repo.has_ref("refs/heads/clawboo/task-t1"));
}

TEST_F(Provision, SaysThatABranchIsInTheWay) {
  repo.run("git branch clawboo");
  const auto refused = run(worktrees.provision(request()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kConflict);
  EXPECT_EQ(refused.error().reason, "branch_in_the_way");
  EXPECT_THAT(refused.error().what, testing::HasSubstr("'refs/heads/clawboo' exists"));
}

}  // namespace
}  // namespace baton::worktree
