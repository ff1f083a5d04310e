#include <algorithm>

#include "tests/unit/git/harness.hpp"

namespace baton::git {
namespace {

using Worktrees = GitTest;

TEST_F(Worktrees, AddsListsAndRemoves) {
  const auto tree = checkout("topic");
  EXPECT_EQ(test::read_file(tree.path / "README"), "hello\n");
  const auto listed = *run(git.worktrees(repo.path()));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[1].path, tree.path);
  EXPECT_EQ(listed[1].branch, "refs/heads/topic");
  EXPECT_EQ(listed[1].head, repo.head());
  ASSERT_TRUE(run(git.remove_worktree(repo.path(), tree.path, Removal::kClean)));
  EXPECT_FALSE(std::filesystem::exists(tree.path));
  EXPECT_TRUE(repo.has_ref("refs/heads/topic"));
}

TEST_F(Worktrees, TakesABranchAsItIs) {
  const auto first = repo.head();
  repo.run("git branch topic");
  repo.commit("a", "1");
  NewWorktree wanted{repo.around() / "one", "topic", {}, {}};
  ASSERT_TRUE(run(git.add_worktree(repo.path(), wanted)));
  EXPECT_EQ(repo.line("git rev-parse topic"), first);
  wanted.path = repo.around() / "two";
  EXPECT_FALSE(run(git.add_worktree(repo.path(), wanted)));  // it is taken
  wanted.branch = "none";
  EXPECT_FALSE(run(git.add_worktree(repo.path(), wanted)));
}

TEST_F(Worktrees, AddsWithoutFilesAndLocked) {
  repo.run("git branch topic");
  NewWorktree wanted{repo.around() / "one", "topic", {}, "being made"};
  ASSERT_TRUE(run(git.add_worktree(repo.path(), wanted)));
  EXPECT_FALSE(std::filesystem::exists(wanted.path / "README"));
  EXPECT_FALSE(run(git.remove_worktree(repo.path(), wanted.path, Removal::kForce)));
  const auto tree = open_checkout(wanted.path).value();
  EXPECT_EQ(test::read_file(tree.git_dir / "locked"), "being made\n");
  ASSERT_TRUE(run(git.check_out(tree)));
  EXPECT_EQ(test::read_file(wanted.path / "README"), "hello\n");
  EXPECT_TRUE(run(git.remove_worktree(repo.path(), wanted.path, Removal::kEvenLocked)));
}

TEST_F(Worktrees, CheckOutACommitOnNoBranch) {
  const auto first = repo.head();
  repo.commit("a", "1");
  NewWorktree wanted{repo.around() / "one", {}, first, {}};
  ASSERT_TRUE(run(git.add_worktree(repo.path(), wanted)));
  const auto tree = open_checkout(wanted.path).value();
  ASSERT_TRUE(run(git.check_out(tree)));
  const auto status = *run(git.status(tree));
  EXPECT_EQ(status.head, first);
  EXPECT_EQ(status.branch, "");
  EXPECT_TRUE(status.clean());
}

TEST_F(Worktrees, RemoveKeepsWhatIsNotCommitted) {
  const auto tree = checkout();
  test::write_file(tree.path / "new", "work");
  EXPECT_FALSE(run(git.remove_worktree(repo.path(), tree.path, Removal::kClean)));
  EXPECT_TRUE(std::filesystem::exists(tree.path / "new"));
  EXPECT_TRUE(run(git.remove_worktree(repo.path(), tree.path, Removal::kForce)));
  EXPECT_FALSE(std::filesystem::exists(tree.path));
}

TEST_F(Worktrees, RemoveForgetsADirectoryThatIsGone) {
  const auto tree = checkout();
  std::filesystem::remove_all(tree.path);
  EXPECT_TRUE(run(git.remove_worktree(repo.path(), tree.path, Removal::kForce)));
  EXPECT_EQ(run(git.worktrees(repo.path()))->size(), 1u);
}

TEST_F(Worktrees, RunNoHooksOfTheRepository) {
  for (const auto* hook : {"post-checkout", "pre-commit", "post-commit", "prepare-commit-msg", "reference-transaction"})
    test::write_file(repo.path() / ".git/hooks" / hook, "#!/bin/sh\necho ran >> ../../../hooks-ran\nexit 1\n", true);
  const auto tree = checkout();
  test::write_file(tree.path / "new", "work");
  ASSERT_TRUE(run(git.stage_all(tree, {})));
  ASSERT_TRUE(run(git.commit(tree, "work")));
  EXPECT_FALSE(std::filesystem::exists(repo.around() / "hooks-ran"));
}

}  // namespace
}  // namespace baton::git
