#include "worktree/salvaged.hpp"

#include "base/clock.hpp"
#include "tests/unit/worktree/harness.hpp"
#include "worktree/salvage.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

class Kept : public WorktreeTest {
 protected:
  void ignore(const std::string& rules) const { test::write_file(repo.path() / ".git/info/exclude", rules); }
  fs::path orphans(const Worktree& made) const { return made.path.parent_path() / ".orphans"; }
  std::vector<Salvaged> commits() { return *run(worktrees.salvaged_commits(repo.path())); }
  std::vector<Salvaged> files() { return *run(worktrees.salvaged_files(repo.path())); }

  // A completed task with one salvaged commit, "looked" in its notes.
  Worktree completed() {
    auto made = provisioned();
    test::write_file(made.path / "task-progress.md", "looked\n");
    require(run(worktrees.complete(made))->cleaned, "not completed");
    return made;
  }
  // A worktree again, after a pause that kept notes/plan and run.log.
  Worktree paused_and_resumed() {
    ignore("*.log\nnotes/\n");
    const auto made = provisioned();
    test::write_file(made.path / "notes/deep/plan", "precious");
    test::write_file(made.path / "run.log", "precious too");
    require(run(worktrees.pause(made)).has_value(), "not paused");
    return *run(worktrees.resume(made));
  }
};

TEST_F(Kept, CommitsAreListedWithTheirTime) {
  const auto made = completed();
  const auto kept = commits();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].task_id, made.task_id);
  EXPECT_EQ(kept[0].n, 1);
  EXPECT_EQ(kept[0].subject, "clawboo: checkpoint task t1");
  EXPECT_GT(kept[0].kept_ms, 0);
  EXPECT_FALSE(kept[0].is_files());
  repo.run("git update-ref refs/baton/salvage/strange HEAD && git update-ref refs/baton/salvage/t2/x HEAD");
  EXPECT_EQ(commits().size(), 1u);
}

TEST_F(Kept, ACommitBecomesABranchThatWasNotThere) {
  completed();
  EXPECT_EQ(run(worktrees.restore_commit(repo.path(), TaskId("t1"), 1, "main")).error().reason, "branch_exists");
  EXPECT_EQ(run(worktrees.restore_commit(repo.path(), TaskId("t1"), 2, "back")).error().reason, "no_salvage");
  for (const auto* name : {"no..name", "-x", "HEAD", "a\nb"})
    EXPECT_EQ(run(worktrees.restore_commit(repo.path(), TaskId("t1"), 1, name)).error().code, Errc::kUnprocessable);
  const auto commit = run(worktrees.restore_commit(repo.path(), TaskId("t1"), 1, "back"));
  ASSERT_TRUE(commit) << commit.error().what;
  EXPECT_EQ(repo.line("git rev-parse back"), *commit);
  EXPECT_EQ(repo.run("git show back:task-progress.md"), "looked\n");
}

TEST_F(Kept, FilesComeBackWithoutReplacingAnything) {
  const auto made = paused_and_resumed();
  ASSERT_EQ(files().size(), 1u);
  EXPECT_GT(files()[0].bytes, 0u);
  EXPECT_GT(files()[0].kept_ms, 0);
  test::write_file(made.path / "run.log", "newer");
  test::write_file(made.path / "notes/other", "newer");
  const auto restored = run(worktrees.restore_files(made, 1));
  ASSERT_TRUE(restored) << restored.error().what;
  EXPECT_EQ(restored->moved, 1u);
  EXPECT_THAT(restored->conflicts, testing::ElementsAre("run.log"));
  EXPECT_EQ(test::read_file(made.path / "notes/deep/plan"), "precious");
  EXPECT_EQ(test::read_file(made.path / "notes/other"), "newer");
  EXPECT_EQ(test::read_file(made.path / "run.log"), "newer");
  EXPECT_EQ(test::read_file(orphans(made) / "t1.ignored.1/run.log"), "precious too");
  fs::remove(made.path / "run.log");
  ASSERT_TRUE(run(worktrees.restore_files(made, 1))->conflicts.empty());
  EXPECT_TRUE(files().empty());
  EXPECT_EQ(run(worktrees.restore_files(made, 1)).error().reason, "no_salvage");
}

TEST_F(Kept, FilesAreNotMovedThroughALink) {
  const auto made = paused_and_resumed();
  const auto outside = repo.around() / "outside";
  fs::create_directories(outside);
  fs::create_directory_symlink(outside, made.path / "notes");
  const auto restored = run(worktrees.restore_files(made, 1));
  ASSERT_TRUE(restored);
  EXPECT_THAT(restored->conflicts, testing::ElementsAre("notes"));
  EXPECT_TRUE(fs::is_empty(outside));
}

TEST_F(Kept, FilesNeedACheckout) {
  const auto made = paused_and_resumed();
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_EQ(run(worktrees.restore_files(made, 1)).error().reason, "no_checkout");
}

TEST_F(Kept, ACommitIsForgottenOnlyAsItWasListed) {
  completed();
  auto kept = commits().front();
  const auto commit = kept.commit;
  repo.run("git update-ref refs/baton/salvage/t1/1 HEAD");
  EXPECT_FALSE(run(worktrees.forget_commit(repo.path(), kept)));
  EXPECT_EQ(commits().size(), 1u);
  repo.run("git update-ref refs/baton/salvage/t1/1 " + commit);
  ASSERT_TRUE(run(worktrees.forget_commit(repo.path(), kept)));
  EXPECT_TRUE(commits().empty());
  EXPECT_EQ(repo.line("git cat-file -t " + commit), "commit");
}

TEST_F(Kept, ACommitThatWasNeededAgainSinceItWasListedStays) {
  const auto made = completed();
  const auto noted = orphans(made) / "t1.ref.1";
  fs::last_write_time(noted, fs::file_time_type::clock::now() - std::chrono::hours(1000));
  const auto listed = commits().front();
  const auto site = Layout(state()).site(made.task_id, repo.path());
  EXPECT_EQ(*run(keep_commit(git, *site, listed.commit)), "refs/baton/salvage/t1/1");
  EXPECT_EQ(run(worktrees.forget_commit(repo.path(), listed)).error().reason, "kept_again");
  ASSERT_EQ(commits().size(), 1u);
  EXPECT_GT(commits().front().kept_ms, listed.kept_ms + 900 * 3'600'000LL);
  EXPECT_TRUE(run(worktrees.forget_commit(repo.path(), commits().front())));
}

// A completion holds the repository's lock from its look at the branch to its end.
TEST_F(Kept, ForgettingAndCompletingWaitForEachOther) {
  const auto first = completed();
  fs::last_write_time(orphans(first) / "t1.ref.1", fs::file_time_type::clock::now() - std::chrono::hours(1000));
  const auto listed = commits().front();
  repo.run("git update-ref refs/heads/" + first.branch + " " + listed.commit);  // its end was interrupted
  reactor::Scope scope(loop);
  std::optional<Result<Completed>> done;
  std::optional<Result<Unit>> forgotten;
  scope.spawn(test::keep_result(worktrees.complete(first), &done));
  scope.spawn(test::keep_result(worktrees.forget_commit(repo.path(), listed), &forgotten));
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  EXPECT_TRUE((*done)->cleaned);
  EXPECT_FALSE(has_branch(first));
  const auto kept = commits();
  ASSERT_FALSE(kept.empty());
  EXPECT_EQ(kept.back().commit, listed.commit);
}

TEST_F(Kept, ForgettingFilesIsFinishedLater) {
  const auto made = paused_and_resumed();
  fs::rename(orphans(made) / "t1.ignored.1", orphans(made) / ".forgotten.t1.ignored.1");  // killed in the middle
  EXPECT_TRUE(files().empty());
  for (const auto* name : {"new.ending", "old.ending"}) test::write_file(orphans(made) / name, "");
  fs::last_write_time(orphans(made) / "old.ending", fs::file_time_type::clock::now() - std::chrono::hours(24 * 8));
  test::run_task(loop, [](Worktrees& w, fs::path p) -> reactor::Task<bool> {
    co_await w.finish_forgetting(std::move(p), SystemClock().unix_ms());
    co_return true;
  }(worktrees, repo.path()));
  EXPECT_FALSE(fs::exists(orphans(made) / ".forgotten.t1.ignored.1"));
  EXPECT_TRUE(fs::exists(orphans(made) / "new.ending"));
  EXPECT_FALSE(fs::exists(orphans(made) / "old.ending"));
  test::write_file(made.path / "run.log", "again");
  ASSERT_TRUE(run(worktrees.pause(made)));
  ASSERT_TRUE(run(worktrees.forget_files(repo.path(), files().front())));
  EXPECT_TRUE(files().empty());
}

TEST(SalvageNames, AreReadBackAsTheyAreWritten) {
  EXPECT_EQ(name_in_ref(salvage_ref(TaskId("a.b"), 12)).task, "a.b");
  EXPECT_EQ(name_in_ref(salvage_ref(TaskId("a.b"), 12)).n, 12);
  for (const auto* odd : {"refs/heads/a/1", "refs/baton/salvage/a", "refs/baton/salvage/a/0", "refs/baton/salvage/a/-1",
                          "refs/baton/salvage/a/1x", "refs/baton/salvage/a/99999999999"})
    EXPECT_EQ(name_in_ref(odd).n, 0) << odd;
  EXPECT_EQ(name_in_file("a.b.ignored.3", "ignored").task, "a.b");
  EXPECT_EQ(name_in_file("a.b.ignored.3", "ignored").n, 3);
  for (const auto* odd : {"a.3", ".ignored.3", "a.ignored.x", "a.ref.3", "a"})
    EXPECT_EQ(name_in_file(odd, "ignored").n, 0) << odd;
}

}  // namespace
}  // namespace baton::worktree
