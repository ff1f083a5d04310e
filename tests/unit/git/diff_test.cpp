#include <algorithm>
#include <map>

#include <gmock/gmock.h>

#include "tests/unit/git/harness.hpp"

namespace baton::git {
namespace {

using testing::HasSubstr;
using testing::Not;

class Diff : public GitTest {
 protected:
  std::map<std::string, FileChange> changes(DiffRequest request) {
    std::map<std::string, FileChange> found;
    const auto changed = run(git.changes(tree, std::move(request)));
    for (const auto& change : *changed) found[change.path] = change;
    return found;
  }

  Checkout tree = checkout();
  std::string base = repo.head();
};

TEST_F(Diff, OfNothingIsEmpty) {
  EXPECT_TRUE(changes({base, {}}).empty());
  const auto diff = run(git.diff(tree, {base, {}}, 1000));
  EXPECT_EQ(diff->text, "");
  EXPECT_FALSE(diff->cut);
}

TEST_F(Diff, SeesCommittedUncommittedAndUntracked) {
  test::write_file(tree.path / "committed", "1\n2\n");
  ASSERT_TRUE(run(git.stage_all(tree, {})));
  ASSERT_TRUE(run(git.commit(tree, "x")));
  test::write_file(tree.path / "staged", "1\n");
  test::shell(tree.path, "git add staged");
  test::write_file(tree.path / "README", "bye\nnow\n");
  test::write_file(tree.path / "dir/untracked", "1\n2\n3");
  test::write_file(tree.path / "binary", std::string("a\0b", 3));
  const auto found = changes({base, {}});
  EXPECT_EQ(found.size(), 5u);
  EXPECT_EQ(found.at("committed").insertions, 2);
  EXPECT_EQ(found.at("staged").insertions, 1);
  EXPECT_EQ(found.at("README").insertions, 2);
  EXPECT_EQ(found.at("README").deletions, 1);
  EXPECT_EQ(found.at("dir/untracked").insertions, 3);
  EXPECT_TRUE(found.at("binary").binary);

  const auto text = run(git.diff(tree, {base, {}}, 1'000'000))->text;
  EXPECT_THAT(text, HasSubstr("+++ b/dir/untracked\n@@ -0,0 +1,3 @@\n+1\n"));
  EXPECT_THAT(text, HasSubstr("Binary files /dev/null and b/binary differ"));
  EXPECT_THAT(text, HasSubstr("-hello\n+bye\n"));
}

TEST_F(Diff, LeavesTheCheckoutAsItWas) {
  test::write_file(tree.path / "untracked", "1\n");
  const auto before = test::shell(tree.path, "git status --porcelain; sha1sum \"$(git rev-parse --git-path index)\"");
  changes({base, {}});
  EXPECT_EQ(test::shell(tree.path, "git status --porcelain; sha1sum \"$(git rev-parse --git-path index)\""), before);
  for (const auto& entry : std::filesystem::directory_iterator(tree.git_dir))
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("baton-index")));
}

TEST_F(Diff, LeavesOutNamedFilesAtTheRootOnly) {
  for (const auto* name : {"TASK.md", "sub/TASK.md", "*.md", "a.md"}) test::write_file(tree.path / name, "x\n");
  const auto found = changes({base, {"TASK.md", "*.md"}});
  EXPECT_EQ(found.size(), 2u);
  EXPECT_TRUE(found.contains("sub/TASK.md"));
  EXPECT_TRUE(found.contains("a.md"));
  EXPECT_THAT(run(git.diff(tree, {base, {"TASK.md", "*.md", "a.md"}}, 10'000))->text, Not(HasSubstr(" a/TASK.md")));
}

TEST_F(Diff, CountsARenameOnce) {
  test::shell(tree.path, "mv README README.md");
  const auto found = changes({base, {}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found.contains("README.md"));
}

TEST_F(Diff, NamesNestedRepositories) {
  test::shell(tree.path, "git init -q empty && git init -q full && cd full && git commit -q --allow-empty -m x");
  test::write_file(tree.path / "new", "x\n");
  const auto found = changes({base, {}});
  EXPECT_EQ(found.at("new").insertions, 1);
  EXPECT_TRUE(found.contains("empty/"));
  EXPECT_TRUE(found.contains("full") || found.contains("full/"));
  EXPECT_THAT(run(git.diff(tree, {base, {}}, 10'000))->text, HasSubstr("empty/"));
}

TEST_F(Diff, KeepsItsFormWhateverIsConfigured) {
  repo.run(
      "git config diff.noprefix true && git config color.diff always && git config diff.external /bin/false && "
      "git config diff.renames false && git config core.quotePath true && git config diff.mnemonicPrefix true");
  test::write_file(tree.path / "ä", "x\n");
  EXPECT_TRUE(changes({base, {}}).contains("ä"));
  EXPECT_THAT(run(git.diff(tree, {base, {}}, 10'000))->text, HasSubstr("+++ \"b/\\303\\244\"\n"));
}

TEST_F(Diff, IsCutAtItsLimit) {
  std::string large;
  for (int i = 0; i < 10'000; ++i) large += "ä\n";
  test::write_file(tree.path / "large", large);
  const auto diff = run(git.diff(tree, {base, {}}, 5000));
  EXPECT_TRUE(diff->cut);
  EXPECT_LE(diff->text.size(), 5000u);
  EXPECT_GT(diff->text.size(), 4900u);
  EXPECT_EQ(changes({base, {}}).at("large").insertions, 10'000);
}

}  // namespace
}  // namespace baton::git
