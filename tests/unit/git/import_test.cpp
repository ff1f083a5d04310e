#include <gmock/gmock.h>

#include "tests/unit/git/harness.hpp"

namespace baton::git {
namespace {

using Import = GitTest;

NewCommit on(const std::string& branch, const std::string& parent) {
  return {branch, parent, "ours", {{"TASK.md", "text\n", false}, {"init.sh", "#!/bin/sh\n", true}}, {"README"}};
}

TEST_F(Import, MakesACommitWithoutACheckout) {
  const auto made = run(git.import_commit(repo.path() / ".git", on("topic", repo.head())));
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(repo.line("git rev-parse refs/heads/topic"), *made);
  EXPECT_EQ(repo.line("git log -1 --format='%s|%an <%ae>|%cn|%P' topic"),
            "ours|clawboo <clawboo@localhost>|clawboo|" + repo.head());
  EXPECT_EQ(repo.line("git ls-tree topic | cut -c1-6,53-"), "100644\tTASK.md\n100755\tinit.sh");
  EXPECT_EQ(repo.run("git show topic:TASK.md"), "text\n");
  EXPECT_EQ(repo.run("git status --porcelain; git branch --show-current"), "main\n");
}

TEST_F(Import, TakesABranchThatHasNothingOfItsOwn) {
  repo.run("git branch topic");
  repo.commit("later", "x");
  ASSERT_TRUE(run(git.import_commit(repo.path() / ".git", on("topic", repo.head()))));
  EXPECT_EQ(repo.line("git rev-parse topic~"), repo.head());
}

TEST_F(Import, LeavesABranchThatHasMore) {
  const auto first = repo.head();
  repo.run("git checkout -q -b topic");
  const auto work = repo.commit("work", "precious");
  EXPECT_FALSE(run(git.import_commit(repo.path() / ".git", on("topic", first))));
  EXPECT_EQ(repo.line("git rev-parse topic"), work);
}

TEST_F(Import, OfNothingIsACommitWithTheSameFiles) {
  NewCommit empty{"topic", repo.head(), "ours", {}, {}};
  ASSERT_TRUE(run(git.import_commit(repo.path() / ".git", empty)));
  EXPECT_EQ(repo.run("git diff main topic"), "");
}

TEST_F(Import, LeavesNoReportOfItsFailureBehind) {
  EXPECT_FALSE(run(git.import_commit(repo.path() / ".git", on("topic", std::string(40, '1')))));
  EXPECT_EQ(repo.run("ls .git | grep crash || true"), "");
  EXPECT_FALSE(repo.has_ref("refs/heads/topic"));
}

}  // namespace
}  // namespace baton::git
