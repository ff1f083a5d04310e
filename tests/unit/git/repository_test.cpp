#include <gmock/gmock.h>

#include "tests/unit/git/harness.hpp"

namespace baton::git {
namespace {

using Repository = GitTest;

TEST_F(Repository, ResolvesWhatAUserNames) {
  const auto first = repo.head();
  repo.run("git tag -a v1 -m tag");
  const auto second = repo.commit("a", "1");
  EXPECT_EQ(run(git.resolve(repo.path(), ""))->commit, second);
  EXPECT_EQ(run(git.resolve(repo.path(), "v1"))->commit, first);  // the tag's commit
  EXPECT_EQ(run(git.resolve(repo.path(), "main~1"))->commit, first);
  EXPECT_EQ(run(git.resolve(repo.path(), first.substr(0, 8)))->commit, first);
  EXPECT_EQ(run(git.resolve(repo.path(), first))->common_dir, repo.path() / ".git");
}

TEST_F(Repository, SaysWhereABranchIsInTheSameBreath) {
  const auto first = repo.head();
  repo.run("git branch topic");
  const auto second = repo.commit("a", "1");
  const auto resolved = run(git.resolve(repo.path(), "", "topic"));
  EXPECT_EQ(resolved->commit, second);
  EXPECT_EQ(resolved->branch_tip, first);
  EXPECT_EQ(run(git.resolve(repo.path(), "", "none"))->branch_tip, "");
  EXPECT_EQ(run(git.resolve(repo.path(), "", "none"))->commit, second);
  EXPECT_EQ(run(git.resolve(repo.path(), "nope", "topic")).error().reason, "bad_ref");
}

TEST_F(Repository, RefusesWhatIsNoCommit) {
  const std::vector<std::string> refused{
      "^HEAD", "HEAD..main",        "HEAD^@", "nope", "--all", "-h", "--end-of-options", "HEAD:README", "a\nb",
      "v1 v2", std::string(40, '1')};
  for (const auto& revision : refused) {
    const auto resolved = run(git.resolve(repo.path(), revision));
    ASSERT_FALSE(resolved) << revision;
    EXPECT_EQ(resolved.error().code, Errc::kUnprocessable) << revision;
    EXPECT_EQ(resolved.error().reason, "bad_ref") << revision;
  }
}

TEST_F(Repository, FindsTheCommonDirectoryFromEverywhere) {
  test::write_file(repo.path() / "sub/dir/file", "");
  const auto tree = checkout();
  EXPECT_EQ(run(git.find_repository(repo.path() / "sub/dir"))->common_dir, repo.path() / ".git");
  EXPECT_EQ(run(git.find_repository(tree.path))->common_dir, repo.path() / ".git");
  repo.run("git clone -q --bare . ../bare.git");
  const auto bare = run(git.resolve(repo.around() / "bare.git", ""));
  EXPECT_TRUE(bare->bare);
  EXPECT_EQ(bare->commit, repo.head());
}

TEST_F(Repository, SaysWhatIsWrongWithTheDirectory) {
  const auto missing = repo.around() / "missing";
  for (const auto& [directory, problem] : std::vector<std::pair<std::filesystem::path, std::string>>{
           {missing, "'" + missing.string() + "' is not a directory that can be worked in"},
           {"/proc", "'/proc' is not in a git repository"}}) {
    const auto resolved = run(git.resolve(directory, ""));
    const auto found = run(git.find_repository(directory));
    for (const auto& error : {resolved.error(), found.error()}) {
      EXPECT_EQ(error.code, Errc::kUnprocessable);
      EXPECT_EQ(error.reason, "not_a_repository");
      EXPECT_EQ(error.what, problem);
    }
  }
  EXPECT_LT(run(git.resolve("/" + std::string(3000, 'x'), std::string(3000, 'y'))).error().what.size(), 400u);
  EXPECT_LT(run(git.resolve(repo.path(), std::string(3000, 'y'))).error().what.size(), 400u);
  test::shell(repo.around(), "git init -q unborn");
  EXPECT_EQ(run(git.resolve(repo.around() / "unborn", "")).error().reason, "no_commits");
}

TEST_F(Repository, WorksInAPathOfEveryCharacter) {
  const test::TestRepo odd("a b\n'\"$x\\");
  EXPECT_EQ(run(git.resolve(odd.path(), ""))->commit, odd.head());
  EXPECT_EQ(run(git.resolve(odd.path(), ""))->common_dir, odd.path() / ".git");
}

TEST_F(Repository, FindsABranchAndWhereItIsCheckedOut) {
  EXPECT_EQ(*run(git.find_branch(repo.path(), "topic")), std::nullopt);
  repo.run("git branch topic");
  auto branch = *run(git.find_branch(repo.path(), "topic"));
  ASSERT_TRUE(branch);
  EXPECT_EQ(branch->tip, repo.head());
  EXPECT_TRUE(branch->checked_out_at.empty());
  EXPECT_EQ((*run(git.find_branch(repo.path(), "main")))->checked_out_at, repo.path());
  repo.run("git branch folder/one");
  EXPECT_EQ(*run(git.find_branch(repo.path(), "folder")), std::nullopt);
}

TEST_F(Repository, ChangesARefOnlyWhenItIsWhatWasExpected) {
  const auto first = repo.head();
  const auto second = repo.commit("a", "1");
  const std::string ref = "refs/baton/salvage/t/1";
  ASSERT_TRUE(run(git.create_ref(repo.path(), ref, first)));
  EXPECT_FALSE(run(git.create_ref(repo.path(), ref, second)));
  EXPECT_EQ(run(git.refs_below(repo.path(), "refs/baton/salvage/t/"))->size(), 1u);
  EXPECT_EQ(repo.line("git rev-parse " + ref), first);
  EXPECT_FALSE(run(git.move_ref(repo.path(), ref, first, second)));
  EXPECT_TRUE(run(git.move_ref(repo.path(), ref, second, first)));
  EXPECT_FALSE(run(git.delete_ref(repo.path(), ref, first)));
  EXPECT_TRUE(run(git.delete_ref(repo.path(), ref, second)));
  EXPECT_TRUE(run(git.refs_below(repo.path(), "refs/baton/salvage/t/"))->empty());
}

TEST_F(Repository, FindsOurOldestCommitBySubject) {
  const auto tree = checkout("topic");
  EXPECT_EQ(*run(git.oldest_of_ours(repo.path(), "topic", "made")), std::nullopt);
  const auto ours = *run(git.commit(tree, "made"));
  test::shell(tree.path, "git commit -q --allow-empty -m made && git commit -q --allow-empty -m 'quotes made'");
  ASSERT_TRUE(run(git.commit(tree, "made")));
  const auto found = *run(git.oldest_of_ours(repo.path(), "topic", "made"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, ours);
  EXPECT_EQ(found->parent, repo.head());
}

TEST_F(Repository, ReadsAFileOfACommit) {
  const auto commit = repo.commit("dir/a b", std::string("x\0y\n", 4));
  EXPECT_EQ(**run(git.file_at(repo.path(), commit, "dir/a b")), std::string("x\0y\n", 4));
  EXPECT_EQ(*run(git.file_at(repo.path(), commit, "none")), std::nullopt);
  EXPECT_EQ(*run(git.file_at(repo.path(), commit, "dir")), std::nullopt);
  EXPECT_EQ(*run(git.file_at(repo.path(), std::string(40, '1'), "README")), std::nullopt);
  EXPECT_EQ(run(git.file_at(repo.path(), commit, "a\nb")).error().code, Errc::kInvalid);
  const auto large = repo.commit("large", std::string(limits::kSorFile + 1000, 'x'));
  EXPECT_EQ(run(git.file_at(repo.path(), large, "large")).error().code, Errc::kTooLarge);
}

// Whoever may write refs could otherwise choose what a commit is said to hold, and with it the judge and the diff.
TEST_F(Repository, SeesNoObjectInThePlaceOfAnother) {
  const auto real = repo.commit("judge", "strict");
  const auto tree = checkout();
  const auto fake = repo.commit("judge", "lenient");
  test::write_file(tree.path / "judge", "lenient");
  repo.run("git replace " + real + " " + fake);
  repo.run("git replace -f $(git rev-parse " + real + "^{tree}) $(git rev-parse " + fake + "^{tree})");
  EXPECT_EQ(**run(git.file_at(repo.path(), real, "judge")), "strict");
  DiffRequest request;
  request.commit = real;
  EXPECT_EQ(run(git.changes(tree, request))->size(), 1U);
}

TEST_F(Repository, SeesNoGrafts) {
  const auto tree = checkout();
  const auto ours = *run(git.commit(tree, "made"));
  repo.run("git rev-parse tree > .git/info/grafts");
  EXPECT_EQ((*run(git.oldest_of_ours(repo.path(), "tree", "made")))->parent, repo.head());
  EXPECT_EQ((*run(git.oldest_of_ours(repo.path(), "tree", "made")))->id, ours);
}

TEST_F(Repository, ChangesRefsTogetherOrNotAtAll) {
  const auto head = repo.head();
  repo.run("git branch topic");
  const std::vector<RefChange> changes{{.name = "refs/baton/x/1", .commit = head},
                                       {.name = "refs/heads/topic", .expected = head}};
  ASSERT_TRUE(run(git.change_refs(repo.path(), changes)));
  EXPECT_FALSE(repo.has_ref("refs/heads/topic"));
  repo.run("git branch topic");
  EXPECT_FALSE(run(git.change_refs(repo.path(), changes)));  // the first one is there already
  EXPECT_TRUE(repo.has_ref("refs/heads/topic"));
  const auto described = *run(git.described_refs(repo.path(), "refs/baton/"));
  ASSERT_EQ(described.size(), 1u);
  EXPECT_EQ(described[0].commit, head);
  EXPECT_EQ(described[0].subject, "first");
  EXPECT_GT(described[0].committed_s, 0);
}

TEST_F(Repository, MeasuresWhatLiesThere) {
  test::write_file(repo.path() / "-odd\nname/file", std::string(100 << 10, 'x'));
  const std::vector<std::string> names{"-odd\nname/", "gone", "README"};
  const auto sizes = *run(git.disk_usage(repo.path(), names));
  ASSERT_EQ(sizes.size(), 3u);
  EXPECT_GE(sizes[0], 100u << 10);
  EXPECT_EQ(sizes[1], 0u);
}

TEST_F(Repository, KnowsWhatNoRefLeadsTo) {
  const auto main = repo.head();
  const auto one = repo.line("git commit-tree -p HEAD -m one HEAD^{tree}");
  const auto two = repo.line("git commit-tree -p " + one + " -m two HEAD^{tree}");
  const auto side = repo.line("git commit-tree -p HEAD -m side HEAD^{tree}");
  const auto tree = repo.line("git rev-parse HEAD^{tree}");
  const std::string none(40, '1');
  const std::vector<std::string> asked{one, main, two, side, tree, none};
  const auto ask = [&](const std::string& head) { return *run(git.unreached(repo.path(), asked, head, "refs/old/*")); };
  EXPECT_THAT(ask(main), testing::UnorderedElementsAre(two, side));
  EXPECT_THAT(ask(two), testing::ElementsAre(side));
  repo.run("git update-ref refs/old/deep/1 " + side + " && git update-ref refs/kept/1 " + two);
  EXPECT_THAT(ask(main), testing::ElementsAre(side));
}

}  // namespace
}  // namespace baton::git
