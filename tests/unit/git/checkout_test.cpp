#include "git/checkout.hpp"

#include "tests/unit/git/harness.hpp"

namespace baton::git {
namespace {

using OpenCheckout = GitTest;

TEST_F(OpenCheckout, KnowsALinkedWorktree) {
  const auto tree = checkout();
  EXPECT_EQ(tree.git_dir, repo.path() / ".git/worktrees/tree");
}

TEST_F(OpenCheckout, KnowsOneWhoseRepositoryHasAnOddName) {
  const test::TestRepo odd("a b\n'\"");
  const auto tree = checkout_at(odd, odd.around() / "tree\n", "topic");
  EXPECT_EQ(run(git.status(tree))->branch, "topic");
}

TEST_F(OpenCheckout, RefusesEverythingElse) {
  const auto tree = checkout();
  EXPECT_FALSE(open_checkout(repo.path()));
  EXPECT_FALSE(open_checkout(repo.around()));
  EXPECT_FALSE(open_checkout("/no/such/folder"));
  std::filesystem::copy(tree.path, repo.around() / "copy");
  EXPECT_FALSE(open_checkout(repo.around() / "copy"));  // the registration names the original
  test::write_file(tree.path / ".git", "gitdir: /elsewhere\n");
  EXPECT_FALSE(open_checkout(tree.path));
  std::filesystem::remove(tree.path / ".git");
  EXPECT_FALSE(open_checkout(tree.path));
}

TEST_F(OpenCheckout, RefusesARegistrationThatIsALoopOfLinks) {
  const auto tree = checkout();
  const auto forged = tree.path / "g";
  std::filesystem::create_directory(forged);
  test::write_file(tree.path / ".git", "gitdir: g\n");
  test::write_file(forged / "gitdir", "../.git\n");
  std::filesystem::create_symlink("commondir", forged / "commondir");
  EXPECT_FALSE(open_checkout(tree.path));
}

}  // namespace
}  // namespace baton::git
