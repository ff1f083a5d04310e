#include "tests/unit/worktree/harness.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {
namespace {

class Reviews : public WorktreeTest {
 protected:
  void sweep() {
    reactor::Scope scope(loop);
    scope.spawn(worktrees.sweep_reviews());
    ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  }
};
using HandoffFiles = WorktreeTest;

TEST_F(Reviews, AreCheckoutsOnNoBranch) {
  const auto first = repo.head();
  repo.commit("later", "x");
  const auto review = run(worktrees.provision_review(repo.path(), first));
  ASSERT_TRUE(review) << review.error().what;
  EXPECT_EQ(review->commit, first);
  EXPECT_EQ(review->path.filename(), first.substr(0, 12));
  EXPECT_EQ(review->path.parent_path().parent_path(), state() / "reviews");
  EXPECT_TRUE(worktrees.is_detached(review->path));
  EXPECT_FALSE(std::filesystem::exists(review->path / "later"));
  ASSERT_TRUE(run(worktrees.remove_review(repo.path(), review->id)));
  EXPECT_EQ(registered(), 1);
  EXPECT_EQ(run(worktrees.remove_review(repo.path(), review->id)).error().code, Errc::kNotFound);
}

TEST_F(Reviews, OfOneCommitAreApart) {
  const auto one = *run(worktrees.provision_review(repo.path(), ""));
  const auto two = *run(worktrees.provision_review(repo.path(), ""));
  EXPECT_NE(one.path, two.path);
  ASSERT_TRUE(run(worktrees.remove_review(repo.path(), one.id)));
  EXPECT_EQ(test::read_file(two.path / "README"), "hello\n");
}

TEST_F(Reviews, AreSweptWhateverIsLeftOfThem) {
  const auto made = provisioned();
  const auto one = *run(worktrees.provision_review(repo.path(), ""));
  const auto two = *run(worktrees.provision_review(repo.path(), ""));
  std::filesystem::remove(two.path / ".git");
  test::write_file(one.path / "tried", "x");
  sweep();
  EXPECT_FALSE(std::filesystem::exists(one.path));
  EXPECT_FALSE(std::filesystem::exists(two.path));
  EXPECT_TRUE(std::filesystem::exists(made.path / "README"));
}

TEST_F(HandoffFiles, AreReplacedAsAWhole) {
  const auto made = provisioned();
  ASSERT_TRUE(run(worktrees.write_file(made, "VERIFICATION.md", "first")));
  std::filesystem::remove(made.path / "TASK.md");
  std::filesystem::create_symlink("README", made.path / "TASK.md");
  ASSERT_TRUE(run(worktrees.write_file(made, "TASK.md", std::string(300'000, 'x'))));
  EXPECT_EQ(test::read_file(made.path / "README"), "hello\n");
  EXPECT_EQ(test::read_file(made.path / "TASK.md").size(), 300'000u);
  ASSERT_TRUE(run(worktrees.write_file(made, "TASK.md", "")));
  EXPECT_EQ(test::read_file(made.path / "TASK.md"), "");
  for (const auto& entry : std::filesystem::directory_iterator(made.path))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".baton")) << entry.path();
}

TEST_F(HandoffFiles, StayAsTheyWereWhenThatFails) {
  const auto made = provisioned();
  std::filesystem::create_directory(made.path / "AGENT_HANDOFF.json");
  EXPECT_EQ(run(worktrees.write_file(made, "AGENT_HANDOFF.json", "x")).error().code, Errc::kIo);
  EXPECT_EQ(run(worktrees.write_file(made, "TASK.md", std::string(2'000'000, 'x'))).error().code, Errc::kTooLarge);
  EXPECT_EQ(test::read_file(made.path / "TASK.md"), "# Task: t1\n");
  EXPECT_FALSE(std::filesystem::exists(name_beside(made.path / "AGENT_HANDOFF.json")));
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_EQ(run(worktrees.write_file(made, "TASK.md", "x")).error().reason, "no_checkout");
}

TEST_F(HandoffFiles, LeftHalfWrittenGetIntoNoCommit) {
  const auto made = provisioned();
  test::write_file(name_beside(made.path / "AGENT_HANDOFF.json"), "half");
  EXPECT_FALSE(run(worktrees.diff_stat(made))->dirty);
  test::write_file(name_beside(made.path / "AGENT_HANDOFF.json"), "half");
  EXPECT_FALSE(run(worktrees.pause(made))->committed);
  EXPECT_EQ(repo.line("git ls-tree --name-only " + made.branch), "README\nTASK.md\ninit.sh");
}

}  // namespace
}  // namespace baton::worktree
