#include "worktree/scaffold_files.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/unit/worktree/harness.hpp"

namespace baton::worktree {
namespace {

using testing::UnorderedElementsAre;

const IsScaffold kIsScaffold = [](std::string_view, std::string_view content) { return content == "ours\n"; };
using UserFiles = WorktreeTest;

TEST_F(UserFiles, AreTheSixNamesWithContentThatIsNotOurs) {
  test::write_file(repo.path() / "TASK.md", "theirs\n");
  test::write_file(repo.path() / "DECISIONS.json", "ours\r\n");
  test::write_file(repo.path() / "other.md", "theirs\n");
  test::write_file(repo.path() / "VERIFICATION.md/file", "ours\n");
  std::filesystem::create_symlink("TASK.md", repo.path() / "init.sh");
  const auto base = repo.commit("docs/TASK.md", "theirs\n");
  EXPECT_THAT(*run(user_files_at(git, repo.path(), base, kIsScaffold)),
              UnorderedElementsAre("TASK.md", "init.sh", "VERIFICATION.md"));
  EXPECT_EQ(run(user_files_at(git, repo.path(), base, {}))->size(), 4u);
}

Site site() { return {TaskId("t1"), "/repo", "/tree", "clawboo/task-t1"}; }

TEST(ScaffoldCommit, HasAllButTheUsersAndNoEarlierHandoff) {
  const auto commit =
      scaffold_commit(site(), "base", {{"TASK.md", "ours\n", false}, {"init.sh", "run\n", true}}, {"TASK.md"});
  ASSERT_TRUE(commit);
  EXPECT_EQ(commit->branch, "clawboo/task-t1");
  EXPECT_EQ(commit->parent, "base");
  EXPECT_EQ(commit->message, "clawboo: scaffold task t1");
  ASSERT_EQ(commit->files.size(), 1u);
  EXPECT_EQ(commit->files[0].name, "init.sh");
  EXPECT_TRUE(commit->files[0].executable);
  EXPECT_THAT(commit->removed, testing::Contains("AGENT_HANDOFF.json"));
  EXPECT_THAT(commit->removed, testing::Not(testing::Contains("TASK.md")));
}

TEST(ScaffoldCommit, RefusesOtherNames) {
  for (const auto* name : {"../TASK.md", ".git", "", "sub/TASK.md"})
    EXPECT_EQ(scaffold_commit(site(), "base", {{name, "x", false}}, {}).error().code, Errc::kInvalid) << name;
}

TEST(SettleScaffold, MendsWhatACheckoutMadeOfIt) {
  test::TempDir dir;
  test::write_file(dir / "TASK.md", "theirs\r\n");
  test::write_file(dir / "init.sh", "run\r\n", true);
  test::write_file(dir / "DECISIONS.json", "as it was");
  const std::vector<handoff::ScaffoldFile> scaffold{
      {"TASK.md", "ours\n", false}, {"init.sh", "other\n", true}, {"VERIFICATION.md", "new\n", false}};
  ASSERT_TRUE(settle_scaffold(dir.path(), scaffold, {"TASK.md"}));
  EXPECT_EQ(test::read_file(dir / "TASK.md"), "theirs\r\n");
  EXPECT_EQ(test::read_file(dir / "init.sh"), "run\n");
  EXPECT_EQ(test::read_file(dir / "DECISIONS.json"), "as it was");
  EXPECT_EQ(test::read_file(dir / "VERIFICATION.md"), "new\n");
  struct stat status {};
  ASSERT_EQ(::stat((dir / "init.sh").c_str(), &status), 0);
  EXPECT_NE(status.st_mode & S_IXUSR, 0u);
}

TEST(OwnNames, AreTheSixButTheUsers) {
  EXPECT_EQ(own_names({}).size(), 6u);
  EXPECT_EQ(own_names({"TASK.md", "README"}).size(), 5u);
}

}  // namespace
}  // namespace baton::worktree
