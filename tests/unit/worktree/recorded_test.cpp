// A worktree as another tool of the same formats made it, where a recording of its files lies beside the source tree.
#include "handoff/resume_state.hpp"
#include "handoff/scaffold.hpp"
#include "handoff/sor_files.hpp"
#include "tests/unit/worktree/harness.hpp"

namespace baton::worktree {
namespace {

class Recorded : public WorktreeTest {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(BATON_RECORDED_SOR)) GTEST_SKIP() << "no recording at " << BATON_RECORDED_SOR;
  }

  // As that tool does: worktree, files, one commit. No marker, and nothing in our board.
  Worktree theirs(const std::string& task = "t1") {
    auto made = provisioned(task);
    if (!run(worktrees.pause(made))) return made;
    repo.run("git branch -q -D " + made.branch + " && git worktree add -q -b " + made.branch + " " +
             text::shell_quoted(made.path.string()) + " main");
    in(made,
       "cp " + text::shell_quoted(BATON_RECORDED_SOR) + "/* . && rm VERIFICATION.after-gate.md AGENT_HANDOFF.json");
    in(made,
       "git add -A && git -c user.name=clawboo -c user.email=clawboo@localhost -c author.email=clawboo@localhost "
       "-c author.name=clawboo -c committer.email=clawboo@localhost commit -q --author 'clawboo <clawboo@localhost>' "
       "-m 'clawboo: scaffold task " +
           task + "'");
    return made;
  }
};

TEST_F(Recorded, WorktreeIsLoadedFromItsScaffoldCommit) {
  const auto made = theirs();
  const auto loaded = run(worktrees.load(made.task_id, repo.path()));
  ASSERT_TRUE(loaded) << loaded.error().what;
  EXPECT_EQ(loaded->baseline_commit, tip(made));
  EXPECT_EQ(loaded->base_commit, repo.head());
  EXPECT_TRUE(loaded->user_files.empty());
}

TEST_F(Recorded, WorktreeIsGoneOnWith) {
  const auto made = theirs();
  test::write_file(made.path / "work", "precious\n");
  in(made, "git add work && git commit -q -m 'quotes clawboo: scaffold task t1' && cp " +
               text::shell_quoted(BATON_RECORDED_SOR) + "/AGENT_HANDOFF.json . && echo more >> TASK.md");
  auto asked = request();
  asked.is_scaffold = handoff::is_scaffold;
  const auto again = run(worktrees.provision(asked));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->baseline_commit, in(made, "git rev-parse HEAD~"));
  EXPECT_EQ(run(worktrees.diff_stat(*again))->files_changed, 1);
  const auto diff = *run(worktrees.diff(*again));
  EXPECT_NE(diff.find("+precious"), std::string::npos);
  for (const auto name : handoff::kSorFiles) EXPECT_EQ(diff.find(name), std::string::npos) << name;
  const auto state = handoff::reconstruct_state(again->path);
  EXPECT_TRUE(state.has_handoff);
  EXPECT_EQ(state.native_session_id, "sess-1");
  ASSERT_TRUE(run(worktrees.pause(*again))->committed);
  const Worktree forgotten{made.task_id, repo.path(), {}, {}, {}, {}, {}};
  EXPECT_EQ(run(worktrees.resume(forgotten))->baseline_commit, again->baseline_commit);
}

TEST_F(Recorded, FilesInTheRepositoryAreAnEarlierTasks) {
  repo.run("cp " + text::shell_quoted(BATON_RECORDED_SOR) + "/* . && rm VERIFICATION.after-gate.md");
  repo.commit("later", "x");
  auto asked = request();
  asked.is_scaffold = handoff::is_scaffold;
  const auto made = run(worktrees.provision(asked));
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->user_files.empty());
  EXPECT_EQ(test::read_file(made->path / "TASK.md"), "# Task: t1\n");
  EXPECT_FALSE(std::filesystem::exists(made->path / "AGENT_HANDOFF.json"));
}

}  // namespace
}  // namespace baton::worktree
