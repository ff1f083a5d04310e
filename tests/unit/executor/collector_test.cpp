#include "executor/collector.hpp"

#include <filesystem>
#include <limits>

#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "board/workspace.hpp"
#include "executor/free_space.hpp"
#include "tests/unit/executor/workshop.hpp"

namespace baton::executor {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using store::WorkspaceStatus;
using test::Workshop;

constexpr std::uint64_t kWholeDisk = std::numeric_limits<std::uint64_t>::max();

// A task with a worktree in which something was made.
TaskId provisioned(Workshop& shop, const std::string& title = "work") {
  const auto task = shop.create(title);
  WorkspaceRequest request;
  request.task_id = task.id;
  request.repo_path = shop.repository().string();
  auto made = shop.await(shop.workspaces().provision(std::move(request)));
  require(made.has_value(), "not provisioned");
  test::write_file(made->worktree.path / "work", title);
  return task.id;
}

store::Workspace row_of(Workshop& shop, const TaskId& task) {
  return *shop.board().read([&](const store::View& view) { return board::workspace_of(view, task); });
}
bool is_there(Workshop& shop, const TaskId& task) { return fs::exists(*row_of(shop, task).worktree_path); }

// Two milliseconds later, so that an age of one is over.
Collection collect(Workshop& shop, CollectRules rules) {
  const auto& clock = shop.services().clock;
  for (const auto end = clock.unix_ms() + 2; clock.unix_ms() < end;) continue;
  Collector collector(shop.services(), shop.busy(), rules);
  return shop.await(collector.collect());
}

void claim(Workshop& shop, const TaskId& task) {
  const board::ClaimRequest claim{.task_id = task, .assignee_agent_id = "ann"};
  require(shop.write([claim](store::Tx& tx) { return board::claim(tx, claim); }).has_value(), "not claimed");
}

TEST(Collector, WhatIsYoungStays) {
  Workshop shop;
  const auto task = provisioned(shop);
  const auto done = collect(shop, {.age = 1h, .count = 25});
  EXPECT_TRUE(done.collected.empty());
  EXPECT_EQ(done.kept, 1u);
  EXPECT_GT(done.free_bytes, 0u);
  EXPECT_TRUE(is_there(shop, task));
}

TEST(Collector, BeyondTheNumberTheOldestGoAndComeBack) {
  Workshop shop;
  const auto first = provisioned(shop, "first"), second = provisioned(shop, "second");
  const auto done = collect(shop, {.count = 1});
  ASSERT_EQ(done.collected.size(), 1u);
  EXPECT_EQ(done.collected[0].task_id, first);
  EXPECT_EQ(done.collected[0].why, "count");
  EXPECT_FALSE(is_there(shop, first));
  EXPECT_TRUE(is_there(shop, second));
  EXPECT_EQ(row_of(shop, first).status, WorkspaceStatus::kStale);
  EXPECT_EQ(shop.events_of(first).back(), "workspace_collected");
  EXPECT_EQ(shop.task(first).status, store::TaskStatus::kTodo);

  WorkspaceRequest request;
  request.task_id = first;
  request.repo_path = shop.repository().string();
  const auto baseline = row_of(shop, first).baseline_commit;
  const auto again = shop.await(shop.workspaces().provision(std::move(request)));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(test::read_file(again->worktree.path / "work"), "first");
  EXPECT_EQ(again->row.status, WorkspaceStatus::kActive);
  EXPECT_EQ(again->row.baseline_commit, baseline);
  EXPECT_EQ(shop.await(shop.workspaces().detail(first))->diff_stat->files_changed, 1);
}

TEST(Collector, WhoWorksThereIsSkipped) {
  Workshop shop;
  const auto claimed = provisioned(shop), busy = provisioned(shop);
  claim(shop, claimed);
  const auto held = shop.busy().hold(busy, "a test");
  EXPECT_TRUE(collect(shop, {.age = 1ms}).collected.empty());
  EXPECT_TRUE(is_there(shop, claimed));
  EXPECT_TRUE(is_there(shop, busy));
}

TEST(Collector, AFailureDoesNotStopTheRest) {
  Workshop shop;
  const auto stuck = provisioned(shop), other = provisioned(shop);
  const fs::path inside = fs::path(*row_of(shop, stuck).worktree_path) / "inside";
  fs::create_directories(inside);
  ASSERT_EQ(std::system(("git init -q '" + inside.string() + "' && touch '" + inside.string() + "/file'").c_str()), 0);
  const auto done = collect(shop, {.age = 1ms});
  ASSERT_EQ(done.failures.size(), 1u);
  EXPECT_EQ(done.failures[0].task_id, stuck);
  EXPECT_EQ(done.failures[0].error.reason, "nested_repository");
  EXPECT_TRUE(is_there(shop, stuck));
  EXPECT_FALSE(is_there(shop, other));
  EXPECT_EQ(row_of(shop, stuck).status, WorkspaceStatus::kActive);
}

TEST(Collector, BytesAreMeasured) {
  Workshop shop;
  const auto large = provisioned(shop);
  test::write_file(fs::path(*row_of(shop, large).worktree_path) / "large", std::string(3 << 20, 'x'));
  const auto small = provisioned(shop);
  const auto done = collect(shop, {.bytes = 2 << 20});
  ASSERT_EQ(done.collected.size(), 1u);
  EXPECT_EQ(done.collected[0].why, "bytes");
  EXPECT_FALSE(is_there(shop, large));
  EXPECT_TRUE(is_there(shop, small));
}

TEST(Collector, WithTooLittleRoomTheIdleOnesGo) {
  Settings settings;
  settings.free_floor_bytes = kWholeDisk;
  Workshop shop(settings);
  shop.services().settings.free_floor_bytes = 0;
  const auto idle = provisioned(shop), claimed = provisioned(shop);
  claim(shop, claimed);
  shop.services().settings.free_floor_bytes = kWholeDisk;
  const auto done = collect(shop, {});
  ASSERT_EQ(done.collected.size(), 1u);
  EXPECT_EQ(done.collected[0].why, "free_space");
  EXPECT_FALSE(is_there(shop, idle));
  EXPECT_TRUE(is_there(shop, claimed));
}

TEST(Collector, ATreeWithoutARowIsCollectedToo) {
  Workshop shop;
  const auto task = provisioned(shop);
  const auto path = fs::path(*row_of(shop, task).worktree_path);
  ASSERT_TRUE(shop.write([task](store::Tx& tx) { return board::archive_workspace(tx, task); }));
  ASSERT_EQ(collect(shop, {.age = 1ms}).collected.size(), 1u);
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(row_of(shop, task).status, WorkspaceStatus::kArchived);
}

TEST(FreeSpace, BelowTheFloorNothingNewIsBegun) {
  Workshop shop;
  const auto there = provisioned(shop);
  const auto task = shop.create("late");
  int told = 0;
  shop.services().on_disk_pressure = [&] { ++told; };
  shop.services().settings.free_floor_bytes = kWholeDisk;
  WorkspaceRequest request;
  request.task_id = task.id;
  request.repo_path = shop.repository().string();
  const auto refused = shop.await(shop.workspaces().provision(request)).error();
  EXPECT_EQ(refused.code, Errc::kNoSpace);
  EXPECT_EQ(refused.reason, "disk_pressure");
  ASSERT_EQ(refused.details.size(), 2u);
  shop.runtime("worker", [](const auto&, auto&) { return runtime::Outcome{}; });
  EXPECT_EQ(shop.run(shop.request("worker", task.id)).error().reason, "disk_pressure");
  EXPECT_EQ(shop.task(task.id).status, store::TaskStatus::kTodo);
  EXPECT_EQ(told, 2);
  request.task_id = there;
  EXPECT_TRUE(shop.await(shop.workspaces().provision(request)));  // it is there already
}

TEST(FreeSpace, IsThatOfTheNearestDirectory) {
  test::TempDir directory;
  EXPECT_GT(free_bytes(directory / "not/there/yet").value_or(0), 0u);
  const auto is_same = [&] { return free_bytes(directory / "not/there/yet") == free_bytes(directory / "neither"); };
  bool same = false;  // others write to this file system between two looks
  for (int tries = 0; tries < 1000 && !same; ++tries) same = is_same();
  EXPECT_TRUE(same);
  EXPECT_TRUE(check_free(directory.path(), 0));
  EXPECT_TRUE(check_free(directory.path(), 1));
}

}  // namespace
}  // namespace baton::executor
