#include "executor/salvage.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "tests/unit/executor/workshop.hpp"

namespace baton::executor {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::Workshop;

class Shelf : public testing::Test {
 protected:
  Shelf() { shop.commit(".gitignore", "*.log\n"); }

  fs::path provision(const TaskId& task) {
    WorkspaceRequest request;
    request.task_id = task;
    request.repo_path = shop.repository().string();
    auto made = shop.await(shop.workspaces().provision(std::move(request)));
    require(made.has_value(), "not provisioned");
    return made->worktree.path;
  }
  // A task whose pause kept run.log.
  TaskId paused() {
    const auto task = shop.create("work");
    test::write_file(provision(task.id) / "run.log", "precious");
    require(shop.await(shop.workspaces().pause(task.id)).has_value(), "not paused");
    return task.id;
  }
  // A task that was completed without a change.
  TaskId completed() {
    const auto task = shop.create("nothing to do");
    const board::ClaimRequest claim{.task_id = task.id, .assignee_agent_id = "ann"};
    require(shop.write([claim](store::Tx& tx) { return board::claim(tx, claim); }).has_value(), "not claimed");
    provision(task.id);
    require(shop.await(shop.workspaces().complete(task.id))->complete.cleaned, "not completed");
    return task.id;
  }

  SalvageList list(SalvageFilter filter = {}) { return shop.await(salvage.list(std::move(filter))); }
  Result<Restored> restore(const TaskId& task) {
    SalvageRequest request{.task_id = task, .n = 1};
    return shop.await(salvage.restore(std::move(request)));
  }

  Workshop shop;
  Salvage salvage{shop.services(), shop.busy(), {.keep = 24h, .bytes = 1 << 20}};
};

TEST_F(Shelf, HoldsCommitsAndFiles) {
  const auto done = completed(), waiting = paused();
  const auto all = list();
  ASSERT_EQ(all.entries.size(), 2u);
  EXPECT_TRUE(all.failures.empty());
  EXPECT_EQ(all.entries[0].kept.task_id, waiting);
  EXPECT_TRUE(all.entries[0].kept.is_files());
  EXPECT_EQ(all.entries[1].kept.task_id, done);
  EXPECT_EQ(all.entries[1].repo_path, shop.repository().string());
  SalvageFilter of_one{.task = done};
  EXPECT_EQ(list(of_one).entries.size(), 1u);
  SalvageFilter nowhere{.repo_path = "/no/such/place"};
  EXPECT_EQ(list(nowhere).failures.size(), 1u);
}

TEST_F(Shelf, GivesFilesBackToAWorktree) {
  const auto task = paused();
  EXPECT_EQ(restore(task).error().reason, "no_checkout");
  const auto tree = provision(task);
  const auto restored = restore(task);
  ASSERT_TRUE(restored) << restored.error().what;
  EXPECT_EQ(restored->files->moved, 1u);
  EXPECT_TRUE(restored->branch.empty());
  EXPECT_EQ(test::read_file(tree / "run.log"), "precious");
  EXPECT_EQ(shop.events_of(task).back(), "salvage_restored");
  EXPECT_TRUE(list().entries.empty());
}

TEST_F(Shelf, GivesACommitBackAsABranch) {
  const auto task = completed();
  const auto restored = restore(task);
  ASSERT_TRUE(restored) << restored.error().what;
  EXPECT_EQ(restored->branch, "clawboo/salvage-" + task.value + "-1");
  shop.shell("git rev-parse -q --verify " + restored->branch + " >/dev/null");
  EXPECT_EQ(restore(task).error().reason, "branch_exists");
}

TEST_F(Shelf, DoesNotDisturbWhoWorksThere) {
  const auto task = paused();
  provision(task);
  const auto held = shop.busy().hold(task, "a test");
  EXPECT_EQ(restore(task).error().reason, "busy");
}

TEST_F(Shelf, ForgetsWhatIsOver) {
  const auto done = completed(), waiting = paused();
  EXPECT_TRUE(shop.await(salvage.prune()).entries.empty());
  EXPECT_EQ(shop.await(salvage.prune(0ms)).entries.size(), 2u);
  EXPECT_TRUE(list().entries.empty());
  EXPECT_EQ(shop.events_of(done).back(), "salvage_pruned");
  EXPECT_EQ(shop.events_of(waiting).back(), "salvage_pruned");
}

TEST_F(Shelf, ForgetsTheOldestFilesThatAreTooMuch) {
  const auto task = shop.create("work").id;
  for (int n = 0; n < 3; ++n) {
    test::write_file(provision(task) / "run.log", std::string(400 << 10, 'x'));
    ASSERT_TRUE(shop.await(shop.workspaces().pause(task)));
  }
  const auto forgotten = shop.await(salvage.prune());
  ASSERT_EQ(forgotten.entries.size(), 1u);
  EXPECT_EQ(forgotten.entries[0].kept.n, 1);
  EXPECT_EQ(list().entries.size(), 2u);
}

// A ref that another program made, or an older version: nobody knows since when.
TEST_F(Shelf, WhatHasNoTimeIsKeptFromNowOn) {
  const auto task = completed();
  shop.shell("git update-ref refs/baton/salvage/" + task.value + "/7 HEAD");
  Salvage impatient(shop.services(), shop.busy(), {.keep = 1ms});
  const auto first = shop.await(impatient.prune());
  ASSERT_EQ(first.entries.size(), 1u);
  EXPECT_EQ(first.entries[0].kept.n, 1);
  ASSERT_EQ(list().entries.size(), 1u);
  EXPECT_GT(list().entries[0].kept.kept_ms, 0);
}

TEST_F(Shelf, ARepositoryThatIsGoneIsAFailureOfTheListOnly) {
  paused();
  const auto gone = shop.repository().string() + ".away";
  fs::rename(shop.repository(), gone);
  const auto all = list();
  EXPECT_EQ(all.entries.size(), 1u);
  EXPECT_EQ(all.failures.size(), 1u);
  fs::rename(gone, shop.repository());
}

}  // namespace
}  // namespace baton::executor
