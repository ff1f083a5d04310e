#include "worktree/removal.hpp"

#include <string>

#include <unistd.h>

#include "tests/unit/worktree/harness.hpp"
#include "worktree/leaving.hpp"
#include "worktree/opened.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

class Removal : public WorktreeTest {
 protected:
  Site site_of(const Worktree& made) const { return {made.task_id, made.repository, made.path, made.branch}; }
  fs::path orphans(const Worktree& made) const { return made.path.parent_path() / ".orphans"; }
  fs::path condemned(const Worktree& made, int n = 1) const {
    return orphans(made) / (".removing." + made.task_id.value + "." + std::to_string(n));
  }

  Worktree with_work() {
    auto made = provisioned();
    test::write_file(made.path / "work", "precious");
    return made;
  }

  // The daemon was killed after the tree had left its place, before git's last look at it.
  Worktree leaving() {
    auto made = with_work();
    require(move_out(site_of(made)).has_value(), "not moved");
    return made;
  }

  // The same after that look; `script` runs in the tree, which may be half deleted by then.
  Worktree going(const std::string& script = "true") {
    auto made = with_work();
    require(run(worktrees.checkpoint(made)).has_value(), "no checkpoint");
    require(move_out(site_of(made)).has_value() && condemn(site_of(made)).has_value(), "not moved");
    test::shell(condemned(made), script);
    return made;
  }

  // A git whose `worktree remove` runs `script` instead; its arguments are "$@".
  git::Options replaced_git(const std::string& script) const {
    const auto program = repo.around() / "git-that-fails";
    test::write_file(program,
                     "#!/bin/sh\ncase \"$1 $2\" in 'worktree remove') " + script + ";; esac\nexec git \"$@\"\n");
    fs::permissions(program, fs::perms::owner_all);
    git::Options options;
    options.program = program.string();
    return options;
  }

  void expect_nothing_left(const Worktree& made) const {
    EXPECT_FALSE(fs::exists(made.path));
    EXPECT_FALSE(fs::exists(condemned(made)));
    EXPECT_FALSE(fs::exists(leaving_place(site_of(made))));
    EXPECT_EQ(registered(), 1);
  }
};

TEST_F(Removal, ThatDidNotBeginIsUndoneByPause) {
  const auto made = leaving();
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_TRUE(paused->committed);
  EXPECT_EQ(repo.run("git show " + made.branch + ":work"), "precious");
  expect_nothing_left(made);
}

TEST_F(Removal, ThatDidNotBeginIsUndoneByResumeProvisionAndDiff) {
  const auto made = leaving();
  EXPECT_EQ(test::read_file(run(worktrees.resume(made))->path / "work"), "precious");
  ASSERT_TRUE(move_out(site_of(made)));
  EXPECT_EQ(test::read_file(provisioned().path / "work"), "precious");
  ASSERT_TRUE(move_out(site_of(made)));
  EXPECT_EQ(run(worktrees.diff_stat(made))->files_changed, 1);
  EXPECT_FALSE(fs::exists(orphans(made) / "t1.1"));
}

TEST_F(Removal, ThatDidNotBeginIsUndoneByCollection) {
  const auto made = leaving();
  EXPECT_EQ(run(worktrees.find_ours()).size(), 1u);
  EXPECT_EQ(test::read_file(made.path / "work"), "precious");
}

TEST_F(Removal, ThatWasInterruptedIsFinished) {
  for (const auto& damage :
       {std::string("true"), std::string("rm -r README work"), std::string("rm -rf .git README")}) {
    const auto made = going(damage);
    const auto head = tip(made);
    const auto paused = run(worktrees.pause(made));
    ASSERT_TRUE(paused) << damage << ": " << paused.error().what;
    EXPECT_EQ(paused->head, head) << damage;  // no commit of the deletions
    EXPECT_FALSE(fs::exists(condemned(made)));
    const auto resumed = run(worktrees.resume(made));
    ASSERT_TRUE(resumed) << damage << ": " << resumed.error().what;
    EXPECT_EQ(test::read_file(made.path / "work"), "precious") << damage;
    ASSERT_TRUE(run(worktrees.pause(made)));
  }
}

TEST_F(Removal, ThatWasInterruptedIsFinishedByProvisionAndCollection) {
  const auto made = going("rm README");
  EXPECT_EQ(test::read_file(provisioned().path / "work"), "precious");
  EXPECT_TRUE(fs::exists(condemned(made)));
  EXPECT_EQ(run(worktrees.find_ours()).size(), 1u);
  EXPECT_FALSE(fs::exists(condemned(made)));
  EXPECT_EQ(test::read_file(made.path / "work"), "precious");  // the new one is another
  EXPECT_EQ(registered(), 2);
}

TEST_F(Removal, AnOldOneIsNotInTheWayOfTheNext) {
  const auto made = provisioned();
  fs::create_directories(condemned(made) / "stuck");
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_TRUE(fs::exists(condemned(made) / "stuck"));
  EXPECT_TRUE(run(worktrees.find_ours()).empty());
  expect_nothing_left(made);
}

// Package managers make such directories.
TEST_F(Removal, TakesDirectoriesThatNobodyMayWrite) {
  if (::geteuid() == 0) GTEST_SKIP() << "the superuser may write everywhere";
  const auto made = provisioned();
  for (const char* name : {"closed", ""}) {
    fs::create_directories(made.path / "closed");
    test::write_file(made.path / "closed/file", "x");
    ASSERT_TRUE(run(worktrees.checkpoint(made)));
    fs::permissions(made.path / name, fs::perms::owner_read | fs::perms::owner_exec);
    const auto paused = run(worktrees.pause(made));
    ASSERT_TRUE(paused) << paused.error().what;
    expect_nothing_left(made);
    ASSERT_TRUE(run(worktrees.resume(made)));
  }
}

TEST_F(Removal, OfALockedTreeIsRefusedBeforeAnythingIsMoved) {
  const auto made = with_work();
  repo.run("git worktree lock --reason mine " + text::shell_quoted(made.path.string()));
  EXPECT_EQ(run(worktrees.pause(made)).error().reason, "worktree_locked");
  EXPECT_EQ(test::read_file(made.path / "work"), "precious");
  repo.run("git worktree unlock " + text::shell_quoted(made.path.string()));
  ASSERT_TRUE(run(worktrees.pause(made)));
  expect_nothing_left(made);
}

TEST_F(Removal, StopsWhenSomethingWritesMeanwhile) {
  const auto made = with_work();
  const auto checkout = checkout_of(made);
  const auto saved = run(save_work(git, checkout, {}, "saved"));
  ASSERT_TRUE(saved);
  test::write_file(made.path / "later", "precious too");
  const auto refused = run(remove_saved(git, site_of(made), checkout, *saved, {}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "still_changing");
  EXPECT_EQ(test::read_file(made.path / "later"), "precious too");
  EXPECT_TRUE(run(worktrees.is_usable(made.repository, made.path)));
}

TEST_F(Removal, StopsWhenSomethingCommitsMeanwhile) {
  const auto made = with_work();
  const auto checkout = checkout_of(made);
  const auto saved = run(save_work(git, checkout, {}, "saved"));
  ASSERT_TRUE(saved);
  in(made, "git checkout -q --detach && git commit -q --allow-empty -m later");
  EXPECT_EQ(run(remove_saved(git, site_of(made), checkout, *saved, {})).error().reason, "still_changing");
  EXPECT_TRUE(fs::exists(made.path));
}

TEST_F(Removal, ThatGitRefusesLeavesEverythingAsItWas) {
  test::write_file(repo.path() / ".git/info/exclude", "*.log\n");
  const auto made = with_work();
  test::write_file(made.path / "run.log", "ignored");
  git::Git refusing(loop, replaced_git("echo 'fatal: no' >&2; exit 128"));
  Worktrees over(refusing, state());
  const auto refused = run(over.pause(made));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "git_failed");
  EXPECT_EQ(test::read_file(made.path / "run.log"), "ignored");
  EXPECT_TRUE(run(worktrees.is_usable(made.repository, made.path)));
  ASSERT_TRUE(run(worktrees.pause(made)));
  expect_nothing_left(made);
}

// Out of memory, say: nobody knows how far it came.
TEST_F(Removal, WhoseGitIsKilledIsFinishedByTheNext) {
  const auto made = with_work();
  git::Git dying(loop, replaced_git("kill -9 $$"));
  Worktrees over(dying, state());
  EXPECT_FALSE(run(over.pause(made)));
  EXPECT_FALSE(fs::exists(made.path));
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_EQ(repo.run("git show " + made.branch + ":work"), "precious");
  EXPECT_EQ(repo.run("git show " + made.branch + ":README"), "hello\n");
  expect_nothing_left(made);
}

TEST_F(Removal, WhoseGitFailsBehindTheRegistrationGoesOn) {
  const auto made = with_work();
  git::Git failing(loop, replaced_git("git \"$@\"; echo 'error: failed to delete' >&2; exit 255"));
  Worktrees over(failing, state());
  const auto paused = run(over.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  expect_nothing_left(made);
}

}  // namespace
}  // namespace baton::worktree
