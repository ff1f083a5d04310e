#include "executor/workspaces.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "board/workspace.hpp"
#include "git/checkout.hpp"
#include "tests/unit/executor/workshop.hpp"

namespace baton::executor {
namespace {

using store::TaskStatus;
using test::Workshop;

// A task that somebody works on by hand, with a change in its tree.
TaskId changed_by_hand(Workshop& shop, std::filesystem::path& tree) {
  const auto task = shop.create("work");
  const board::ClaimRequest claim{.task_id = task.id, .assignee_agent_id = "ann"};
  require(shop.write([claim](store::Tx& tx) { return board::claim(tx, claim); }).has_value(), "not claimed");
  WorkspaceRequest request;
  request.task_id = task.id;
  request.repo_path = shop.repository().string();
  auto made = shop.await(shop.workspaces().provision(std::move(request)));
  require(made.has_value(), "not provisioned");
  tree = made->worktree.path;
  test::write_file(tree / "work", "by hand\n");
  return task.id;
}

TEST(Workspaces, ATaskWhoseWorkCannotBeSavedIsNotLeftInReview) {
  Workshop shop;
  shop.commit(".baton.toml", "[gate]\nverify = \"true\"\n");
  std::filesystem::path tree;
  const auto task = changed_by_hand(shop, tree);
  const auto lock = git::open_checkout(tree)->git_dir / "index.lock";
  test::write_file(lock, "");

  const auto refused = shop.await(shop.workspaces().complete(task));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "git_locked");
  EXPECT_EQ(shop.task(task).status, TaskStatus::kInProgress);

  std::filesystem::remove(lock);
  const auto again = shop.await(shop.workspaces().complete(task));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->task_status, TaskStatus::kDone);
}

TEST(Workspaces, AColdLookStartsNoGit) {
  Workshop shop;
  std::filesystem::path tree;
  const auto task = changed_by_hand(shop, tree);
  const auto before = shop.git().started();
  const auto seen = shop.workspaces().view(task);
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->resume.has_handoff);
  EXPECT_EQ(shop.git().started(), before);
}

TEST(Workspaces, WorkInAFlaggedFileIsJudged) {
  Workshop shop;
  shop.commit(".baton.toml", "[gate]\nverify = \"false\"\n");
  std::filesystem::path tree;
  const auto task = changed_by_hand(shop, tree);
  std::filesystem::remove(tree / "work");
  ASSERT_EQ(std::system(("cd '" + tree.string() + "' && git update-index --skip-worktree README.md").c_str()), 0);
  test::write_file(tree / "README.md", "changed\n");
  const auto judged = shop.await(shop.workspaces().complete(task));
  ASSERT_TRUE(judged) << judged.error().what;
  EXPECT_EQ(judged->verified, "fail");
  EXPECT_FALSE(judged->complete.cleaned);
}

TEST(Workspaces, CompletingAnEmptyDiffIsFiveProcessesOfGit) {
  Workshop shop;
  std::filesystem::path tree;
  const auto task = changed_by_hand(shop, tree);
  std::filesystem::remove(tree / "work");
  const auto before = shop.git().started();
  const auto completed = shop.await(shop.workspaces().complete(task));
  ASSERT_TRUE(completed) << completed.error().what;
  EXPECT_TRUE(completed->complete.cleaned);
  EXPECT_EQ(shop.git().started() - before, 6u);  // at most 5 of git are allowed; the sixth is `rm`
}

TEST(Workspaces, ACompletionThatWasInterruptedIsFinishedByARepeat) {
  Workshop shop;
  std::filesystem::path tree;
  const auto id = changed_by_hand(shop, tree);
  std::filesystem::remove(tree / "work");
  const auto row = shop.board().read([&](const store::View& view) { return board::workspace_of(view, id); });
  // The daemon ended after the worktree was gone and before the board knew.
  ASSERT_TRUE(shop.await(shop.services().worktrees.complete(worktree_of(*row)))->cleaned);
  EXPECT_EQ(shop.task(id).status, TaskStatus::kInProgress);
  const auto again = shop.await(shop.workspaces().complete(id));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->task_status, TaskStatus::kDone);
  EXPECT_EQ(shop.await(shop.workspaces().complete(id)).error().reason, "no_checkout");  // archived
}

}  // namespace
}  // namespace baton::executor
