#include "git/parse.hpp"

#include <gmock/gmock.h>

namespace baton::git {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;

const std::string kOne(40, '1'), kTwo(40, '2');

TEST(CommitId, IsFullLowerCaseHex) {
  EXPECT_TRUE(is_commit_id(kOne));
  EXPECT_TRUE(is_commit_id(std::string(64, 'f')));
  EXPECT_FALSE(is_commit_id(std::string(39, '1')));
  EXPECT_FALSE(is_commit_id(std::string(40, 'F')));
  EXPECT_FALSE(is_commit_id("--upload-pack=x"));
}

TEST(ParseResolved, ReadsFromTheEnd) {
  const auto resolved = parse_resolved("/a\nfalse\nb/.git\nfalse\n" + kOne + "\n");
  ASSERT_TRUE(resolved);
  EXPECT_EQ(resolved->common_dir, "/a\nfalse\nb/.git");
  EXPECT_FALSE(resolved->bare);
  EXPECT_EQ(resolved->commit, kOne);
}

TEST(ParseResolved, ReadsTheTipOfABranchAfterTheCommit) {
  const std::string two(40, '2');
  const auto resolved = parse_resolved("/repo\nfalse\n" + kOne + "\n" + two + "\n");
  ASSERT_TRUE(resolved);
  EXPECT_EQ(resolved->commit, kOne);
  EXPECT_EQ(resolved->branch_tip, two);
  EXPECT_EQ(parse_resolved("/repo\nfalse\n" + kOne + "\n")->branch_tip, "");
}

TEST(ParseResolved, DoesWithoutACommit) {
  const auto resolved = parse_resolved("/repo.git\ntrue\n");
  ASSERT_TRUE(resolved);
  EXPECT_TRUE(resolved->bare);
  EXPECT_EQ(resolved->commit, "");
  EXPECT_FALSE(parse_resolved(""));
  EXPECT_FALSE(parse_resolved("relative\nfalse\n"));
  EXPECT_FALSE(parse_resolved("/repo\n" + kOne + "\n"));
}

TEST(ParseStatus, KnowsEachKindOfRecord) {
  const auto status =
      parse_status("# branch.oid "s + kOne + "\0# branch.head a b\0"s +
                   "1 .M N... 100644 100644 100644 x x name with blanks\0"s + "? new\nline\0? nested/\0"s);
  EXPECT_EQ(status.head, kOne);
  EXPECT_EQ(status.branch, "a b");
  EXPECT_TRUE(status.changed);
  EXPECT_THAT(status.untracked, ElementsAre("new\nline"));
  EXPECT_THAT(status.nested, ElementsAre("nested/"));
  EXPECT_FALSE(status.clean());
}

TEST(ParseStatus, AMissingFileIsNotEdited) {
  const auto missing = "1 .D N... 100644 100644 000000 x x gone\0"s;
  EXPECT_TRUE(parse_status(missing).changed);
  EXPECT_FALSE(parse_status(missing).edited);
  EXPECT_TRUE(parse_status(missing + "1 D. N... 100644 000000 000000 x x staged\0"s).edited);
}

TEST(ParseStatus, ARenameHasTwoNames) {
  const auto status = parse_status("2 R. N... 100644 100644 100644 x x R100 to\0? from\0"s);
  EXPECT_TRUE(status.changed);
  EXPECT_TRUE(status.untracked.empty());
}

TEST(ParseStatus, DetachedBeforeTheFirstCommitIsNeither) {
  const auto status = parse_status("# branch.oid (initial)\0# branch.head (detached)\0"s);
  EXPECT_EQ(status.head, "");
  EXPECT_EQ(status.branch, "");
  EXPECT_TRUE(status.clean());
}

TEST(ParseNumstat, ReadsTextBinaryAndRename) {
  const auto changes = parse_numstat("3\t1\ta\tb\0-\t-\tpicture\0000\t2\t\0old\0new\0"s);
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].path, "a\tb");
  EXPECT_EQ(changes[0].insertions, 3);
  EXPECT_EQ(changes[0].deletions, 1);
  EXPECT_TRUE(changes[1].binary);
  EXPECT_EQ(changes[2].path, "new");
  EXPECT_EQ(changes[2].deletions, 2);
}

TEST(ParseWorktrees, ReadsPathsHeadsAndBranches) {
  const auto found = parse_worktrees("worktree /a\nb\0HEAD "s + kOne + "\0branch refs/heads/x\0\0worktree /c\0HEAD "s +
                                     kTwo + "\0detached\0\0worktree /d\0bare\0\0"s);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].path, "/a\nb");
  EXPECT_EQ(found[0].branch, "refs/heads/x");
  EXPECT_EQ(found[1].head, kTwo);
  EXPECT_EQ(found[1].branch, "");
  EXPECT_EQ(found[2].head, "");
}

TEST(ParseGitlinks, ArePathsOfSubmodules) {
  EXPECT_THAT(parse_gitlinks("100644 "s + kOne + " 0\tfile\000160000 "s + kOne + " 0\tlib/a b\0"s),
              ElementsAre("lib/a b"));
}

TEST(ParseBlob, KeepsTheBytes) {
  EXPECT_EQ(parse_blob(kOne + " blob 4\na\n\0b\n"s), "a\n\0b"s);
  EXPECT_EQ(parse_blob(kOne + " blob 0\n\n"), "");
  EXPECT_EQ(parse_blob("HEAD:x missing\n"), std::nullopt);
  EXPECT_EQ(parse_blob(kOne + " tree 12\n............\n"), std::nullopt);
}

TEST(ParseOldest, SkipsQuotesOthersAndTheNewer) {
  const auto record = [](const std::string& ids, const std::string& author, const std::string& subject) {
    return ids + "\0"s + author + "\0"s + subject + "\0\n"s;
  };
  const auto text = record(std::string(40, '5') + " x", "me", "re: made") +
                    record(std::string(40, '4') + " x", "me", "made") + record(kTwo + " " + kOne, "me", "made") +
                    record(std::string(40, '6') + " x", "other", "made");
  const auto oldest = parse_oldest(text, "me", "made");
  ASSERT_TRUE(oldest);
  EXPECT_EQ(oldest->id, kTwo);
  EXPECT_EQ(oldest->parent, kOne);
  EXPECT_FALSE(parse_oldest("", "me", "made"));
}

TEST(ParseIndex, TellsFlagsAndSubmodules) {
  const auto index = parse_index("H 100644 "s + kOne + " 0\tplain\0S 100644 "s + kOne + " 0\tskipped\0h 100644 "s +
                                 kOne + " 0\ta b\tc\0s 100644 "s + kOne + " 0\tboth\0H 160000 "s + kOne + " 0\tlib\0"s);
  EXPECT_THAT(index.skipped, ElementsAre("skipped", "both"));
  EXPECT_THAT(index.assumed, ElementsAre("a b\tc", "both"));
  EXPECT_THAT(index.submodules, ElementsAre("lib"));
}

TEST(ParseStatus, TellsWhatIsIgnored) {
  const auto status = parse_status("! notes/\0! a b\0? new\0"s);
  EXPECT_THAT(status.ignored, ElementsAre("notes/", "a b"));
  EXPECT_THAT(status.untracked, ElementsAre("new"));
}

TEST(ParseDescribedRefs, TakesAnySubject) {
  const auto refs =
      parse_described_refs("refs/x/1\0"s + kOne + "\0"s + "12\0one\ttwo\0\nrefs/x/2\0"s + kOne + "\0\0\0\n"s);
  ASSERT_EQ(refs.size(), 2u);
  EXPECT_EQ(refs[0].name, "refs/x/1");
  EXPECT_EQ(refs[0].committed_s, 12);
  EXPECT_EQ(refs[0].subject, "one\ttwo");
  EXPECT_EQ(refs[1].subject, "");
  EXPECT_TRUE(parse_described_refs("").empty());
}

TEST(ParseDiskUsage, TakesAnyName) {
  const auto sizes = parse_disk_usage("8192\ta\tb\0000\tc\n\0"s);
  ASSERT_EQ(sizes.size(), 2u);
  EXPECT_EQ(sizes[0], std::pair(std::string("a\tb"), std::uint64_t{8192}));
  EXPECT_EQ(sizes[1].first, "c\n");
}

}  // namespace
}  // namespace baton::git
