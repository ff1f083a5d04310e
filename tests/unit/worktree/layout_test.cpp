#include "worktree/layout.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"

namespace baton::worktree {
namespace {

const Layout kLayout("/state");

TEST(Layout, NamesPlaceAndBranchFromRepositoryAndTask) {
  const auto site = kLayout.site(TaskId("t-1"), "/home/me/repo");
  ASSERT_TRUE(site);
  EXPECT_EQ(site->path, "/state/worktrees/" + sha1_hex("/home/me/repo").substr(0, 12) + "/t-1");
  EXPECT_EQ(site->branch, "clawboo/task-t-1");
  EXPECT_EQ(kLayout.site(TaskId("t-1"), "/home/me/./x/../repo/")->path, site->path);
  EXPECT_EQ(kLayout.site(TaskId("t"), "/")->repository, "/");
}

TEST(Layout, RefusesIdsThatCannotNameADirectoryAndABranch) {
  for (const auto* id : {"", "..", "../x", "a/b", "-x", ".x", "a..b", "a.lock", "a.", "a b", "a\n"})
    EXPECT_EQ(kLayout.site(TaskId(id), "/repo").error().reason, "unsafe_task_id") << id;
}

TEST(Layout, QuotesOnlyTheBeginningOfWhatIsLong) {
  const std::string long_text(4000, 'x');
  EXPECT_LT(kLayout.site(TaskId(long_text), "/repo").error().what.size(), 400u);
  EXPECT_LT(kLayout.site(TaskId("t"), long_text).error().what.size(), 400u);
}

TEST(Layout, RefusesRelativeRepositories) {
  for (const auto* path : {"", "repo", "./repo", "../repo"})
    EXPECT_EQ(kLayout.site(TaskId("t"), path).error().reason, "not_a_repository") << path;
}

TEST(Layout, KnowsWhoseAPathIs) {
  const auto site = *kLayout.site(TaskId("t"), "/repo");
  EXPECT_TRUE(kLayout.site_at(TaskId("t"), "/repo", site.path));
  EXPECT_TRUE(kLayout.site_at(TaskId("t"), "/repo/", site.path.string() + "/"));
  EXPECT_EQ(kLayout.site_at(TaskId("u"), "/repo", site.path).error().reason, "wrong_path");
  EXPECT_EQ(kLayout.site_at(TaskId("t"), "/repo", "/etc").error().reason, "wrong_path");
  EXPECT_TRUE(kLayout.may_hold_worktree(site.path));
  EXPECT_FALSE(kLayout.may_hold_worktree("/state/worktrees/x/t/.."));
  EXPECT_FALSE(kLayout.may_hold_worktree("/state/worktrees/x/y/t"));
  EXPECT_FALSE(kLayout.may_hold_worktree("/elsewhere/x/t"));
}

TEST(Layout, KnowsItsScratch) {
  EXPECT_EQ(*kLayout.scratch("run-1"), "/state/scratch/run-1");
  EXPECT_FALSE(kLayout.scratch("../x"));
  EXPECT_TRUE(kLayout.is_scratch("/state/scratch/run-1/"));
  EXPECT_FALSE(kLayout.is_scratch("/state/scratch"));
  EXPECT_FALSE(kLayout.is_scratch("/state/scratch/a/../../worktrees"));
  EXPECT_FALSE(kLayout.is_scratch("/state/scratch/a/b"));
}

}  // namespace
}  // namespace baton::worktree
