#include "worktree/scaffold_files.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.hpp"

namespace baton::worktree {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const IsScaffold kIsScaffold = [](std::string_view, std::string_view content) { return content == "ours\n"; };

TEST(FindUserFiles, AreTheSixNamesWithContentThatIsNotOurs) {
  test::TempDir dir;
  test::write_file(dir / "TASK.md", "theirs\n");
  test::write_file(dir / "DECISIONS.json", "ours\r\n");
  test::write_file(dir / "other.md", "theirs\n");
  std::filesystem::create_symlink("TASK.md", dir / "init.sh");
  std::filesystem::create_directory(dir / "VERIFICATION.md");
  EXPECT_THAT(find_user_files(dir.path(), kIsScaffold), ElementsAre("TASK.md", "init.sh", "VERIFICATION.md"));
  EXPECT_EQ(find_user_files(dir.path(), {}).size(), 4u);
}

TEST(LayScaffold, WritesAllButTheUsers) {
  test::TempDir dir;
  test::write_file(dir / "TASK.md", "theirs\n");
  test::write_file(dir / "AGENT_HANDOFF.json", "of an earlier task");
  const auto touched =
      lay_scaffold(dir.path(), {{"TASK.md", "ours\n", false}, {"init.sh", "run\n", true}}, {"TASK.md"});
  ASSERT_TRUE(touched);
  EXPECT_THAT(*touched, ElementsAre("init.sh", "AGENT_HANDOFF.json"));
  EXPECT_EQ(test::read_file(dir / "TASK.md"), "theirs\n");
  EXPECT_EQ(test::read_file(dir / "init.sh"), "run\n");
  struct stat status {};
  ASSERT_EQ(::stat((dir / "init.sh").c_str(), &status), 0);
  EXPECT_NE(status.st_mode & S_IXUSR, 0u);
  EXPECT_FALSE(std::filesystem::exists(dir / "AGENT_HANDOFF.json"));
}

TEST(LayScaffold, RefusesOtherNames) {
  test::TempDir dir;
  for (const auto* name : {"../TASK.md", ".git", "", "sub/TASK.md"})
    EXPECT_EQ(lay_scaffold(dir.path(), {{name, "x", false}}, {}).error().code, Errc::kInvalid) << name;
}

TEST(OwnNames, AreTheSixButTheUsers) {
  EXPECT_EQ(own_names({}).size(), 6u);
  EXPECT_EQ(own_names({"TASK.md", "README"}).size(), 5u);
}

}  // namespace
}  // namespace baton::worktree
