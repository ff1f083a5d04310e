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

TEST_F(Worktrees, TakesABranchAsItIsOrMovesIt) {
  const auto first = repo.head();
  repo.run("git branch topic");
  const auto second = repo.commit("a", "1");
  NewWorktree as_it_is{repo.around() / "one", "topic", ""};
  ASSERT_TRUE(run(git.add_worktree(repo.path(), as_it_is)));
  EXPECT_EQ(repo.line("git rev-parse topic"), first);
  ASSERT_TRUE(run(git.remove_worktree(repo.path(), as_it_is.path, Removal::kClean)));
  NewWorktree taken{repo.around() / "two", "topic", second};
  EXPECT_FALSE(run(git.add_worktree(repo.path(), taken)));
  taken.reset = true;
  ASSERT_TRUE(run(git.add_worktree(repo.path(), taken)));
  EXPECT_EQ(repo.line("git rev-parse topic"), second);
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
