#include <gmock/gmock.h>

#include "tests/unit/git/harness.hpp"

namespace baton::git {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Commits = GitTest;

TEST_F(Commits, TellTheStateOfACheckout) {
  const auto tree = checkout("topic");
  auto status = *run(git.status(tree));
  EXPECT_TRUE(status.clean());
  EXPECT_EQ(status.head, repo.head());
  EXPECT_EQ(status.branch, "topic");
  test::write_file(tree.path / "new/a", "");
  test::write_file(tree.path / "new/b", "");
  test::shell(tree.path, "git checkout -q --detach && git init -q nested");
  status = *run(git.status(tree));
  EXPECT_THAT(status.untracked, ElementsAre("new/a", "new/b"));
  EXPECT_THAT(status.nested, ElementsAre("nested/"));
  EXPECT_FALSE(status.changed);
  EXPECT_EQ(status.branch, "");
  test::write_file(tree.path / "README", "changed");
  EXPECT_TRUE(run(git.status(tree))->changed);
}

TEST_F(Commits, SaveEverythingThatIsNotIgnored) {
  const auto tree = checkout();
  test::write_file(tree.path / ".gitignore", "ignored\n");
  test::write_file(tree.path / "ignored", "x");
  test::write_file(tree.path / "new", "x");
  std::filesystem::remove(tree.path / "README");
  ASSERT_TRUE(run(git.stage_all(tree, {})));
  const auto commit = *run(git.commit(tree, "save"));
  EXPECT_EQ(test::shell(tree.path, "git ls-tree -r --name-only " + commit), ".gitignore\nnew\n");
  EXPECT_EQ(test::shell(tree.path, "git log -1 --format='%an <%ae> %cn %s'"),
            "clawboo <clawboo@localhost> clawboo save\n");
}

TEST_F(Commits, StageNamedFilesEvenWhenIgnored) {
  const auto tree = checkout();
  test::write_file(tree.path / ".gitignore", "*\n");
  test::write_file(tree.path / ":(top)*", "x");
  test::write_file(tree.path / "other", "x");
  std::filesystem::remove(tree.path / "README");
  ASSERT_TRUE(run(git.stage(tree, {":(top)*", "README"})));
  const auto commit = *run(git.commit(tree, "save"));
  EXPECT_EQ(test::shell(tree.path, "git ls-tree -r --name-only " + commit), ":(top)*\n");
}

TEST_F(Commits, LeaveNestedRepositoriesOut) {
  const auto tree = checkout();
  test::shell(tree.path, "git init -q 'a [b]' && git init -q full && cd full && git commit -q --allow-empty -m x");
  test::write_file(tree.path / "new", "x");
  EXPECT_FALSE(run(git.stage_all(tree, {})));
  ASSERT_TRUE(run(git.stage_all(tree, run(git.status(tree))->nested)));
  const auto commit = *run(git.commit(tree, "save"));
  EXPECT_EQ(test::shell(tree.path, "git ls-tree -r --name-only " + commit), "README\nnew\n");
}

TEST_F(Commits, WorkInHostileConfiguration) {
  repo.run(
      "git config commit.gpgsign true && git config user.useConfigOnly true && git config core.safecrlf true && "
      "git config core.autocrlf input && git config status.showUntrackedFiles no && git config color.ui always && "
      "git config commit.template /no/such && git config core.editor false && git config commit.verbose true && "
      "git config core.fsmonitor /no/such && git config diff.noprefix true && git config core.pager false");
  const auto tree = checkout();
  test::write_file(tree.path / "new", "a\r\nb\n");
  EXPECT_EQ(run(git.status(tree))->untracked.size(), 1u);
  ASSERT_TRUE(run(git.stage_all(tree, {})));
  ASSERT_TRUE(run(git.commit(tree, "save")));
  EXPECT_TRUE(run(git.status(tree))->clean());
}

// git's own trace counts what it had synced.
TEST_F(Commits, AreOnTheDiskWhenTheyAreMade) {
  const auto tree = checkout();
  const auto trace = repo.around() / "trace";
  const auto program = repo.around() / "traced-git";
  test::write_file(program, "#!/bin/sh\nGIT_TRACE2_EVENT='" + trace.string() + "' exec git \"$@\"\n", true);
  Options options;
  options.program = program.string();
  Git traced(loop, options);
  const auto synced = [&] {
    std::error_code error;
    const auto text = std::filesystem::exists(trace) ? test::read_file(trace) : std::string();
    std::filesystem::remove(trace, error);
    return text;
  };
  for (const auto* name : {"a", "b", "c"}) test::write_file(tree.path / name, name);
  ASSERT_TRUE(run(traced.status(tree)));
  EXPECT_THAT(synced(), testing::Not(HasSubstr("\"fsync/")));
  ASSERT_TRUE(run(traced.stage_all(tree, {})));
  EXPECT_THAT(synced(), AllOf(HasSubstr("\"fsync/writeout-only\",\"value\":\"3\""), HasSubstr("fsync/hardware-flush")));
  const auto head = run(traced.commit(tree, "save"));
  EXPECT_THAT(synced(), HasSubstr("fsync/hardware-flush"));
  ASSERT_TRUE(run(traced.create_ref(repo.path(), "refs/kept/1", *head)));
  EXPECT_THAT(synced(), HasSubstr("fsync/hardware-flush"));
  ASSERT_TRUE(run(traced.change_refs(repo.path(), {{.name = "refs/kept/2", .commit = *head}})));
  EXPECT_THAT(synced(), HasSubstr("fsync/hardware-flush"));
}

TEST_F(Commits, NameSubmodules) {
  const auto tree = checkout();
  EXPECT_TRUE(run(git.submodules(tree))->empty());
  test::shell(tree.path, "git update-index --add --cacheinfo 160000," + repo.head() + ",'lib/a b'");
  EXPECT_THAT(*run(git.submodules(tree)), ElementsAre("lib/a b"));
}

TEST_F(Commits, StayOutOfARepositoryFurtherUp) {
  // The checkout lies inside another repository, and its own pointer is broken.
  const auto path = repo.path() / "inside";
  const auto tree = checkout_at(repo, path, "topic");
  std::filesystem::remove(path / ".git");
  test::write_file(repo.path() / "private", "x");
  test::write_file(path / "new", "x");
  ASSERT_TRUE(run(git.stage_all(tree, {})));
  ASSERT_TRUE(run(git.commit(tree, "save")));
  EXPECT_EQ(repo.run("git log -1 --format=%s main"), "first\n");
  EXPECT_EQ(repo.run("git ls-tree -r --name-only topic"), "README\nnew\n");
}

}  // namespace
}  // namespace baton::git
