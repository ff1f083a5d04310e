#include "worktree/ignored.hpp"

#include "base/limits.hpp"
#include "tests/unit/worktree/harness.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

class Ignored : public WorktreeTest {
 protected:
  fs::path aside(const Worktree& made, int n = 1) const {
    return made.path.parent_path() / ".orphans" / (made.task_id.value + ".ignored." + std::to_string(n));
  }
  // As whoever works there can do it, beside the rules that the repository commits.
  void ignore(const std::string& rules) const { test::write_file(repo.path() / ".git/info/exclude", rules); }
};

constexpr const char* kHide[] = {
    "git update-index --skip-worktree README", "git update-index --assume-unchanged README",
    "git update-index --skip-worktree README && git update-index --assume-unchanged README"};

TEST_F(Ignored, EditsOfAFlaggedFileAreInTheDiff) {
  for (const auto* hide : kHide) {
    const auto made = provisioned();
    in(made, hide);
    test::write_file(made.path / "README", "precious\n");
    EXPECT_THAT(*run(worktrees.diff(made)), testing::HasSubstr("+precious")) << hide;
    EXPECT_TRUE(run(worktrees.diff_stat(made))->dirty);
    const auto done = run(worktrees.complete(made));
    ASSERT_TRUE(done) << done.error().what;
    EXPECT_FALSE(done->cleaned);
    EXPECT_EQ(test::read_file(made.path / "README"), "precious\n");
    in(made,
       "git update-index --no-skip-worktree README && git update-index --no-assume-unchanged README"
       " && git checkout -q README");
  }
}

TEST_F(Ignored, PauseCommitsEditsOfAFlaggedFile) {
  const auto made = provisioned();
  in(made, "git update-index --skip-worktree README TASK.md && git update-index --assume-unchanged README");
  test::write_file(made.path / "README", "precious\n");
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_TRUE(paused->committed);
  EXPECT_EQ(repo.run("git show " + made.branch + ":README"), "precious\n");
}

TEST_F(Ignored, WhatASparseCheckoutLeavesOutIsNotDeleted) {
  fs::create_directories(repo.path() / "far");
  repo.commit("far/file", "x");
  const auto made = provisioned();
  in(made, "git sparse-checkout set --no-cone /README /TASK.md /init.sh");
  ASSERT_FALSE(fs::exists(made.path / "far/file"));
  test::write_file(made.path / "README", "changed\n");
  EXPECT_EQ(run(worktrees.diff_stat(made))->files_changed, 1);
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_EQ(repo.run("git show " + made.branch + ":far/file"), "x");
}

TEST_F(Ignored, PauseKeepsFilesThatNoCommitKeeps) {
  ignore("*.log\nnotes/\nbuild/\n");
  const auto made = provisioned();
  fs::create_directories(made.path / "notes/deep");
  fs::create_directories(made.path / "src/build");
  test::write_file(made.path / "notes/deep/plan", "precious");
  test::write_file(made.path / "src/code", "committed");
  test::write_file(made.path / "src/run.log", "precious too");
  test::write_file(made.path / "src/build/object", std::string(2 << 20, 'x'));
  const auto paused = run(worktrees.pause(made));
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_FALSE(fs::exists(made.path));
  EXPECT_EQ(test::read_file(aside(made) / "notes/deep/plan"), "precious");
  EXPECT_EQ(test::read_file(aside(made) / "src/run.log"), "precious too");
  EXPECT_FALSE(fs::exists(aside(made) / "src/build"));
}

// Three of the names mean other things too.
TEST_F(Ignored, SmallDirectoriesThatMayBeWorkAreKept) {
  ignore("build/\nnode_modules/\ntarget/\n");
  const auto made = provisioned();
  for (const auto* name : {"build", "target", "node_modules/build"}) fs::create_directories(made.path / name);
  test::write_file(made.path / "build/notes.md", "by hand");
  test::write_file(made.path / "target/object", std::string(2 << 20, 'x'));
  test::write_file(made.path / "node_modules/build/x", "made again");
  EXPECT_TRUE(run(worktrees.complete(made))->cleaned);
  EXPECT_EQ(test::read_file(aside(made) / "build/notes.md"), "by hand");
  EXPECT_FALSE(fs::exists(aside(made) / "target"));
  EXPECT_FALSE(fs::exists(aside(made) / "node_modules"));
}

TEST_F(Ignored, MoreThanTheLimitRefusesTheRemovalAndNamesTheLargest) {
  ignore("*.bin\n");
  const auto made = provisioned();
  test::write_file(made.path / "small.bin", "precious");
  test::write_file(made.path / "large.bin", std::string(600 << 10, 'x'));
  test::write_file(made.path / "larger.bin", std::string(700 << 10, 'x'));
  Worktrees strict(git, state(), {.ignored_max_bytes = 1 << 20});
  const auto refused = run(strict.pause(made));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "ignored_files");
  ASSERT_EQ(refused.error().details.size(), 1u);
  EXPECT_THAT(refused.error().details[0].json, testing::StartsWith("[{\"path\":\"larger.bin\""));
  EXPECT_TRUE(run(worktrees.is_usable(made.repository, made.path)));

  const auto forced = run(strict.pause(made, true));
  ASSERT_TRUE(forced) << forced.error().what;
  ASSERT_EQ(forced->dropped.size(), 1u);
  EXPECT_EQ(forced->dropped[0].path, "larger.bin");
  EXPECT_GE(forced->dropped[0].bytes, 700u << 10);
  EXPECT_EQ(test::read_file(aside(made) / "small.bin"), "precious");
  EXPECT_TRUE(fs::exists(aside(made) / "large.bin"));
  EXPECT_FALSE(fs::exists(aside(made) / "larger.bin"));
}

TEST_F(Ignored, ForceCompletesATreeWithNothingElse) {
  ignore("notes\n");
  const auto made = provisioned();
  test::write_file(made.path / "notes", "precious");
  EXPECT_FALSE(run(worktrees.complete(made))->cleaned);
  const auto done = run(worktrees.complete(made, true));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_TRUE(done->cleaned);
  EXPECT_EQ(test::read_file(aside(made) / "notes"), "precious");
  EXPECT_TRUE(repo.has_ref("refs/baton/salvage/t1/2"));  // one row of numbers for both
}

TEST_F(Ignored, RepositoriesAreKeptWhole) {
  ignore("inside/\n");
  const auto made = provisioned();
  in(made, "git init -q inside && cd inside && echo x > file && git add . && git commit -q -m precious");
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_EQ(test::shell(aside(made) / "inside", "git log --format=%s"), "precious\n");
}

TEST_F(Ignored, EachPauseKeepsItsOwn) {
  ignore("*.log\n");
  for (int n = 1; n <= 2; ++n) {
    const auto made = provisioned();
    test::write_file(made.path / "run.log", std::to_string(n));
    ASSERT_TRUE(run(worktrees.pause(made)));
    EXPECT_EQ(test::read_file(aside(made, n) / "run.log"), std::to_string(n));
  }
}

TEST_F(Ignored, TooManyToKeepRefuseTheRemoval) {
  ignore("*.log\n");
  const auto made = provisioned();
  for (std::size_t n = 0; n <= limits::kIgnoredKept; ++n)
    test::write_file(made.path / (std::to_string(n) + ".log"), "x");
  const auto paused = run(worktrees.pause(made));
  ASSERT_FALSE(paused);
  EXPECT_EQ(paused.error().code, Errc::kConflict);
  EXPECT_EQ(paused.error().reason, "ignored_files");
  EXPECT_THAT(paused.error().what, testing::HasSubstr(".log and 996 more"));
  EXPECT_TRUE(fs::exists(made.path / "0.log"));
  EXPECT_TRUE(run(worktrees.is_usable(made.repository, made.path)));
}

TEST_F(Ignored, TheyComeBackWhenTheTreeCannotGo) {
  ignore("*.log\n");
  const auto made = provisioned();
  test::write_file(made.path / "run.log", "precious");
  repo.run("git worktree lock " + text::shell_quoted(made.path.string()));
  ASSERT_FALSE(run(worktrees.pause(made)));
  EXPECT_EQ(test::read_file(made.path / "run.log"), "precious");
  EXPECT_TRUE(run(worktrees.is_usable(made.repository, made.path)));
}

TEST_F(Ignored, AnInterruptedRemovalKeepsThemToo) {
  ignore("*.log\n");
  const auto made = provisioned();
  test::write_file(made.path / "run.log", "precious");
  const auto leaving = made.path.parent_path() / ".orphans" / (".leaving." + made.task_id.value);
  std::filesystem::create_directories(leaving.parent_path());
  std::filesystem::rename(made.path, leaving);  // as a daemon leaves it that was killed then
  ASSERT_TRUE(run(worktrees.pause(made)));
  EXPECT_EQ(test::read_file(aside(made) / "run.log"), "precious");
}

TEST_F(Ignored, WorkIsNotNothing) {
  for (const auto* rules : {"notes\n", "*\n"}) {
    ignore(rules);
    const auto made = provisioned();
    test::write_file(made.path / "notes", "precious");
    const auto done = run(worktrees.complete(made));
    ASSERT_TRUE(done) << done.error().what;
    EXPECT_FALSE(done->cleaned);
    EXPECT_TRUE(done->diff.dirty);
    EXPECT_EQ(test::read_file(made.path / "notes"), "precious");
    EXPECT_TRUE(has_branch(made));
  }
}

TEST_F(Ignored, BuildOutputIsNothing) {
  ignore("__pycache__/\n*.pyc\n");
  const auto made = provisioned();
  fs::create_directories(made.path / "__pycache__");
  test::write_file(made.path / "__pycache__/x.pyc", "");
  EXPECT_TRUE(run(worktrees.complete(made))->cleaned);
}

TEST(BuildOutput, IsKnownByItsDirectory) {
  EXPECT_TRUE(is_build_output("build/"));
  EXPECT_TRUE(is_build_output("a/node_modules/b/c.js"));
  EXPECT_FALSE(is_build_output("build"));  // a file
  EXPECT_FALSE(is_build_output("rebuild/"));
  EXPECT_FALSE(is_build_output("notes/build"));
  EXPECT_TRUE(may_be_work("a/build/"));
  EXPECT_FALSE(may_be_work("node_modules/build/"));
  EXPECT_FALSE(may_be_work("notes/"));
}

TEST(NamedPaths, AreAFew) {
  EXPECT_EQ(named({"a", "b"}), "a, b");
  EXPECT_EQ(named({"a", "b", "c", "d", "e", "f", "g"}), "a, b, c, d, e and 2 more");
}

}  // namespace
}  // namespace baton::worktree
