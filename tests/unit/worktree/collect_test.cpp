#include "worktree/collect.hpp"

#include "tests/unit/worktree/harness.hpp"
#include "worktree/opened.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

class Collect : public WorktreeTest {
 protected:
  Found only_one() {
    auto found = run(worktrees.find_ours());
    require(found.size() == 1, "not one worktree");
    return std::move(found.front());
  }
  Result<Reaped> reap_it(bool idle = true) {
    return run(worktrees.reap(only_one(), [idle] { return idle; }));
  }
};

TEST_F(Collect, FindsWhatCarriesOurMarkerAndNothingElse) {
  const auto made = provisioned();
  const auto folder = made.path.parent_path();
  fs::create_directories(folder / "somebody");
  test::write_file(folder / "somebody/file", "theirs");
  repo.run("git worktree add -q -b theirs " + text::shell_quoted((folder / "theirs").string()));
  fs::create_directory_symlink(repo.path(), folder / "link");
  fs::create_directories(folder / ".orphans/t9.1");
  const auto found = only_one();
  EXPECT_EQ(found.site.path, made.path);
  EXPECT_EQ(found.site.branch, made.branch);
  EXPECT_GT(found.used_ms, 0);
  fs::rename(made.path, folder / "elsewhere");  // the marker names another task
  EXPECT_TRUE(run(worktrees.find_ours()).empty());
}

TEST_F(Collect, EachCommitCountsAsUse) {
  const auto made = provisioned();
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(100);
  const auto git_dir = checkout_of(made).git_dir;
  for (const auto& file : {made.path, git_dir / "index", git_dir / "logs/HEAD", git_dir / "baton-task"})
    fs::last_write_time(file, old);
  const auto before = only_one().used_ms;
  in(made, "git commit -q --allow-empty -m work");
  EXPECT_GT(only_one().used_ms, before + 90 * 3'600'000LL);
}

TEST_F(Collect, NothingIsLostOverTheRoundTrip) {
  test::write_file(repo.path() / ".git/info/exclude", "*.log\n");
  const auto made = provisioned();
  test::write_file(made.path / "README", "changed\n");
  fs::create_directories(made.path / "new/deep");
  test::write_file(made.path / "new/deep/file", "untracked\n");
  test::write_file(made.path / "run.log", "ignored\n");
  const auto reaped = reap_it();
  ASSERT_TRUE(reaped) << reaped.error().what;
  EXPECT_TRUE(reaped->committed);
  EXPECT_EQ(reaped->head, tip(made));
  EXPECT_FALSE(fs::exists(made.path));
  EXPECT_EQ(registered(), 1);
  EXPECT_EQ(repo.line("git log -1 --format=%s " + made.branch), "clawboo: gc autosave task t1");
  EXPECT_EQ(test::read_file(made.path.parent_path() / ".orphans/t1.ignored.1/run.log"), "ignored\n");
  const auto again = run(worktrees.resume(made));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(test::read_file(again->path / "README"), "changed\n");
  EXPECT_EQ(test::read_file(again->path / "new/deep/file"), "untracked\n");
}

TEST_F(Collect, WhoCameBackMeanwhileKeepsTheTree) {
  const auto made = provisioned();
  test::write_file(made.path / "work", "x");
  EXPECT_EQ(reap_it(false).error().reason, "active");
  EXPECT_EQ(tip(made), made.baseline_commit);
  EXPECT_TRUE(run(worktrees.is_usable(made.repository, made.path)));
}

TEST_F(Collect, ATreeThatWasReplacedIsLeftAlone) {
  const auto made = provisioned();
  const auto found = only_one();
  fs::remove(checkout_of(made).git_dir / "baton-task");
  EXPECT_EQ(run(worktrees.reap(found, [] { return true; })).error().reason, "not_ours");
  EXPECT_TRUE(fs::exists(made.path));
}

TEST_F(Collect, AHalfMadeOneGoesToo) {
  const auto made = provisioned();
  test::write_file(checkout_of(made).git_dir / "baton-task", "task t1\n");
  ASSERT_TRUE(reap_it());
  EXPECT_FALSE(fs::exists(made.path));
  EXPECT_EQ(provisioned().path, made.path);
}

// The daemon was killed before it wrote the marker, and between the marker and the end of the lock.
TEST_F(Collect, OneThatWasNeverHandedOutGoes) {
  for (const bool marked : {false, true}) {
    const auto made = provisioned();
    const auto git_dir = checkout_of(made).git_dir;
    test::write_file(git_dir / "locked", std::string(kMakingLock));
    if (!marked) fs::remove(git_dir / "baton-task");
    fs::remove(made.path / "README");  // it was being filled
    const auto found = only_one();
    EXPECT_TRUE(found.half_made);
    EXPECT_EQ(found.site.task_id.value, "t1");
    const auto reaped = reap_it();
    ASSERT_TRUE(reaped) << reaped.error().what;
    EXPECT_FALSE(reaped->committed);
    EXPECT_EQ(reaped->head, made.baseline_commit);
    EXPECT_FALSE(fs::exists(made.path));
    EXPECT_FALSE(fs::exists(git_dir));
    EXPECT_EQ(tip(made), made.baseline_commit);
  }
}

TEST_F(Collect, OneThatIsHandedOutMeanwhileStays) {
  const auto made = provisioned();
  const auto lock = checkout_of(made).git_dir / "locked";
  test::write_file(lock, std::string(kMakingLock));
  const auto found = only_one();
  fs::remove(lock);
  EXPECT_EQ(run(worktrees.reap(found, [] { return true; })).error().reason, "active");
  EXPECT_TRUE(run(worktrees.is_usable(made.repository, made.path)));
}

TEST_F(Collect, AForeignLockIsNoSignOfOurs) {
  const auto made = provisioned();
  const auto git_dir = checkout_of(made).git_dir;
  fs::remove(git_dir / "baton-task");
  for (const std::string_view reason : {std::string_view("initializing"), kReviewLock, std::string_view("mine")}) {
    test::write_file(git_dir / "locked", std::string(reason));
    EXPECT_TRUE(run(worktrees.find_ours()).empty()) << reason;
  }
}

TEST_F(Collect, WhatCannotBeSavedStays) {
  const auto made = provisioned();
  in(made, "git init -q inside && echo x > inside/file");
  EXPECT_EQ(reap_it().error().reason, "nested_repository");
  EXPECT_EQ(test::read_file(made.path / "inside/file"), "x\n");
  EXPECT_TRUE(run(worktrees.is_usable(made.repository, made.path)));
}

TEST_F(Collect, WorksInABareRepositoryToo) {
  repo.run("git clone -q --bare . ../bare");
  auto wanted = request("t2");
  wanted.repository = repo.around() / "bare";
  const auto made = run(worktrees.provision(wanted));
  ASSERT_TRUE(made) << made.error().what;
  test::write_file(made->path / "work", "precious");
  const auto reaped = reap_it();
  ASSERT_TRUE(reaped) << reaped.error().what;
  EXPECT_EQ(test::shell(wanted.repository, "git show " + made->branch + ":work"), "precious");
}

}  // namespace
}  // namespace baton::worktree
