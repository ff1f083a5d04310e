#include "tests/unit/worktree/harness.hpp"

namespace baton::worktree {
namespace {

using testing::ElementsAre;
using Resume = WorktreeTest;

TEST_F(Resume, BringsBackWhatWasPaused) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "precious");
  const auto paused = *run(worktrees.pause(made));
  const auto before = git.started();
  const auto resumed = *run(worktrees.resume(made));
  EXPECT_EQ(git.started() - before, 4u);
  EXPECT_EQ(resumed.path, made.path);
  EXPECT_EQ(resumed.baseline_commit, made.baseline_commit);
  EXPECT_EQ(test::read_file(resumed.path / "work"), "precious");
  EXPECT_EQ(tip(resumed), paused.head);
  EXPECT_TRUE(run(worktrees.is_usable(resumed.repository, resumed.path)));
}

TEST_F(Resume, IsHarmlessForAWorktreeThatIsThere) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "precious");
  const auto resumed = *run(worktrees.resume(made));
  EXPECT_EQ(resumed.baseline_commit, made.baseline_commit);
  EXPECT_EQ(test::read_file(resumed.path / "work"), "precious");
}

TEST_F(Resume, SaysWhenTheBranchIsGone) {
  const auto made = provisioned();
  ASSERT_TRUE(run(worktrees.pause(made)));
  repo.run("git branch -q -D " + made.branch);
  const auto resumed = run(worktrees.resume(made));
  ASSERT_FALSE(resumed);
  EXPECT_EQ(resumed.error().code, Errc::kUnprocessable);
  EXPECT_EQ(resumed.error().reason, "branch_gone");
  EXPECT_FALSE(has_branch(made));
  EXPECT_EQ(registered(), 1);
}

TEST_F(Resume, FindsABaselineThatTheBoardForgot) {
  repo.commit("TASK.md", "mine\n");
  const auto made = provisioned();
  in(made, "git commit -q --allow-empty -m 'clawboo: scaffold task t1'");  // whoever works can quote it
  ASSERT_TRUE(run(worktrees.pause(made)));
  Worktree known;
  known.task_id = made.task_id;
  known.repository = made.repository;
  const auto resumed = *run(worktrees.resume(known));
  EXPECT_EQ(resumed.baseline_commit, made.baseline_commit);
  EXPECT_EQ(resumed.base_commit, made.base_commit);
  EXPECT_THAT(resumed.user_files, ElementsAre("TASK.md"));
}

TEST_F(Resume, RefusesABranchWithoutABaseline) {
  repo.run("git branch clawboo/task-t1");
  Worktree known;
  known.task_id = TaskId("t1");
  known.repository = repo.path();
  EXPECT_EQ(run(worktrees.resume(known)).error().reason, "no_baseline");
}

TEST_F(Resume, ManyTimes) {
  auto worktree = provisioned();
  for (int i = 0; i < 3; ++i) {
    test::write_file(worktree.path / ("round" + std::to_string(i)), "x");
    ASSERT_TRUE(run(worktrees.pause(worktree))->committed);
    worktree = *run(worktrees.resume(worktree));
  }
  EXPECT_EQ(run(worktrees.diff_stat(worktree))->files_changed, 3);
}

}  // namespace
}  // namespace baton::worktree
