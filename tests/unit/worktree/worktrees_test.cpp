#include "worktree/worktrees.hpp"

#include "tests/unit/worktree/harness.hpp"

namespace baton::worktree {
namespace {

using testing::HasSubstr;

TEST_F(WorktreeTest, CountsCommittedUncommittedAndUntrackedOneByOne) {
  const auto made = provisioned();
  EXPECT_FALSE(run(worktrees.diff_stat(made))->dirty);
  test::write_file(made.path / "committed", "1\n2\n");
  in(made, "git add . && git commit -q -m work");
  test::write_file(made.path / "README", "bye\n");
  test::write_file(made.path / "dir/a", "1\n");
  test::write_file(made.path / "dir/b", "1\n2\n3\n");
  test::write_file(made.path / "binary", std::string("\0\1", 2));
  test::write_file(made.path / "AGENT_HANDOFF.json", "{}");
  test::write_file(made.path / "TASK.md", "rewritten");
  const auto stat = *run(worktrees.diff_stat(made));
  EXPECT_TRUE(stat.dirty);
  EXPECT_EQ(stat.files_changed, 5);
  EXPECT_EQ(stat.insertions, 7);
  EXPECT_EQ(stat.deletions, 1);
  const auto text = *run(worktrees.diff(made));
  EXPECT_THAT(text, HasSubstr("+++ b/dir/b\n"));
  EXPECT_THAT(text, HasSubstr("b/binary differ"));
  EXPECT_THAT(text, testing::Not(HasSubstr("TASK.md")));
}

TEST_F(WorktreeTest, CutsALongDiffAndSaysSo) {
  const auto made = provisioned();
  test::write_file(made.path / "large", std::string(limits::kDiffText + 100'000, 'x'));
  const auto text = *run(worktrees.diff(made));
  EXPECT_LT(text.size(), limits::kDiffText + 200);
  EXPECT_TRUE(text.ends_with(" bytes: cut here]\n"));
}

TEST_F(WorktreeTest, MeasuresWithTheBaselineItIsGiven) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "x\n");
  Worktree moved = made;
  moved.baseline_commit = *run(worktrees.checkpoint(made));
  EXPECT_TRUE(run(worktrees.diff_stat(made))->dirty);
  EXPECT_FALSE(run(worktrees.diff_stat(moved))->dirty);
  moved.baseline_commit = std::string(40, '1');
  EXPECT_EQ(run(worktrees.diff_stat(moved)).error().code, Errc::kUnprocessable);
}

TEST_F(WorktreeTest, KnowsWhatIsUsable) {
  const auto made = provisioned();
  EXPECT_TRUE(run(worktrees.is_usable(repo.path(), made.path)));
  EXPECT_FALSE(run(worktrees.is_usable(repo.path(), repo.path())));
  EXPECT_FALSE(run(worktrees.is_usable(repo.path(), made.path.parent_path() / "t2")));
  const test::TestRepo other;
  EXPECT_FALSE(run(worktrees.is_usable(other.path(), made.path)));
  EXPECT_FALSE(run(worktrees.is_usable(repo.around() / "none", made.path)));
  std::filesystem::remove(made.path / ".git");
  EXPECT_FALSE(run(worktrees.is_usable(repo.path(), made.path)));
}

TEST_F(WorktreeTest, ResolvesABase) {
  EXPECT_EQ(*run(worktrees.resolve_base(repo.path(), "main")), repo.head());
  EXPECT_EQ(run(worktrees.resolve_base(repo.path(), "-x")).error().reason, "bad_ref");
  EXPECT_EQ(run(worktrees.resolve_base("repo", "")).error().reason, "not_a_repository");
}

TEST_F(WorktreeTest, ReadsAFileOfACommit) {
  const auto commit = repo.commit("init.sh", "VERIFY\n");
  EXPECT_EQ(**run(worktrees.file_at(repo.path(), commit, "init.sh")), "VERIFY\n");
  EXPECT_EQ(*run(worktrees.file_at(repo.path(), commit, "none")), std::nullopt);
  EXPECT_EQ(run(worktrees.file_at(repo.path(), "HEAD", "init.sh")).error().code, Errc::kInvalid);
}

TEST_F(WorktreeTest, LendsScratchDirectories) {
  const auto path = worktrees.make_scratch("run-1");
  ASSERT_TRUE(path) << path.error().what;
  EXPECT_TRUE(std::filesystem::is_empty(*path));
  EXPECT_EQ(worktrees.make_scratch("run-1").error().reason, "scratch_in_use");
  EXPECT_FALSE(worktrees.make_scratch("../run"));
  test::write_file(*path / "deep/file", "x");
  reactor::Scope scope(loop);
  scope.spawn(worktrees.remove_scratch(*path));
  scope.spawn(worktrees.remove_scratch(repo.path()));
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  EXPECT_FALSE(std::filesystem::exists(*path));
  EXPECT_TRUE(std::filesystem::exists(repo.path() / "README"));
}

}  // namespace
}  // namespace baton::worktree
