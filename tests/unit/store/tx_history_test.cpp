// Comments, executions and workspaces: what gathers around a task.
#include <tuple>

#include "base/limits.hpp"
#include "tests/unit/store/tx_suite.hpp"

namespace baton::store::testing {
namespace {

BATON_TX_SUITE(TxHistory);

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Comment comment(std::string_view id, std::string_view task) {
  Comment made;
  made.id = CommentId(id);
  made.task_id = TaskId(task);
  made.body = "body of " + std::string(id);
  return made;
}

Execution execution(std::string_view id, std::string_view task) {
  Execution made;
  made.id = ExecutionId(id);
  made.task_id = TaskId(task);
  made.executor_type = "codex";
  return made;
}

Workspace workspace(std::string_view id, std::string_view task) {
  Workspace made;
  made.id = WorkspaceId(id);
  made.task_id = TaskId(task);
  made.repo_path = "/repository";
  return made;
}

Execution full_execution() {
  Execution e = execution("full", "a");
  e.workspace_id = WorkspaceId("workspace");
  e.status = ExecutionStatus::kTimedOut;
  e.claimed_at = 1;
  e.started_at = 2;
  e.completed_at = 3;
  e.before_commit = "before";
  e.after_commit = "after";
  e.input_tokens = 4;
  e.output_tokens = 5;
  e.cache_read = 6;
  e.cache_write = 7;
  e.cost_usd = 0.5;
  e.summary = "summary";
  e.run_reason = "reason";
  e.error = "error";
  e.recovery_tombstone = true;
  e.tenant_id = "tenant";
  e.created_at = 8;
  e.lease_fence = 9;
  return e;
}

auto columns(const Execution& e) {
  return std::tie(e.id, e.task_id, e.workspace_id, e.executor_type, e.status, e.claimed_at, e.started_at,
                  e.completed_at, e.before_commit, e.after_commit, e.input_tokens, e.output_tokens, e.cache_read,
                  e.cache_write, e.cost_usd, e.summary, e.run_reason, e.error, e.recovery_tombstone, e.tenant_id,
                  e.created_at, e.lease_fence);
}

Workspace full_workspace() {
  Workspace w = workspace("full", "a");
  w.branch = "branch";
  w.worktree_path = "/worktree";
  w.status = WorkspaceStatus::kStale;
  w.tenant_id = "tenant";
  w.created_at = 1;
  w.last_used_at = 2;
  w.baseline_commit = "baseline";
  w.base_commit = "base";
  w.user_files = R"(["TASK.md"])";
  return w;
}

auto columns(const Workspace& w) {
  return std::tie(w.id, w.task_id, w.repo_path, w.branch, w.worktree_path, w.status, w.tenant_id, w.created_at,
                  w.last_used_at, w.baseline_commit, w.base_commit, w.user_files);
}

TEST_P(TxHistory, KeepsCommentsInTheOrderOfTheirCreation) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) {
    for (const auto* id : {"z", "y", "x"}) tx.comments.insert(comment(id, "a"));
    tx.comments.insert(comment("w", "b"));
  });
  commit([](Tx& tx) {
    EXPECT_THAT(ids_of(tx.comments.of_task(TaskId("a"))), ElementsAre("z", "y", "x"));
    EXPECT_THAT(tx.comments.of_task(TaskId("c")), IsEmpty());
  });
}

// All pages of a history, newest page first; each page oldest first.
template <class Table>
std::vector<std::size_t> page_sizes(const Table& table, const TaskId& task, std::vector<std::string>& ids) {
  std::vector<std::size_t> sizes;
  for (std::optional<std::int64_t> before; sizes.empty() || before;) {
    const auto page = table.newest_of(task, before);
    const auto found = ids_of(page.rows);
    ids.insert(ids.begin(), found.begin(), found.end());
    sizes.push_back(found.size());
    before = page.older;
  }
  return sizes;
}

TEST_P(TxHistory, ShowsALongHistoryInPieces) {
  insert({task_named("a"), task_named("b")});
  std::vector<std::string> made;
  for (std::size_t i = 0; i < limits::kHistoryPage + 2; ++i) made.push_back(std::to_string(i));
  commit([&](Tx& tx) {
    for (const auto& id : made) {
      tx.comments.insert(comment(id, "a"));
      tx.comments.insert(comment("other" + id, "b"));
      tx.executions.insert(execution(id, "a"));
    }
  });
  commit([&](Tx& tx) {
    std::vector<std::string> comments;
    EXPECT_THAT(page_sizes(tx.comments, TaskId("a"), comments), ElementsAre(limits::kHistoryPage, 2U));
    EXPECT_EQ(comments, made);
    std::vector<std::string> executions;
    EXPECT_THAT(page_sizes(tx.executions, TaskId("a"), executions), ElementsAre(limits::kHistoryPage, 2U));
    EXPECT_EQ(executions, made);
    EXPECT_THAT(tx.comments.newest_of(TaskId("c"), {}).rows, IsEmpty());
  });
}

TEST_P(TxHistory, EndsAPieceWhenItsTextsAreLong) {
  insert({task_named("a")});
  commit([](Tx& tx) {
    for (const auto* id : {"x", "y", "z"}) {
      Comment large = comment(id, "a");
      large.body.assign(limits::kHistoryBytes / 2, 'x');
      tx.comments.insert(large);
    }
  });
  commit([](Tx& tx) {
    const auto newest = tx.comments.newest_of(TaskId("a"), {});
    EXPECT_THAT(ids_of(newest.rows), ElementsAre("y", "z"));
    EXPECT_THAT(ids_of(tx.comments.newest_of(TaskId("a"), newest.older).rows), ElementsAre("x"));
  });
}

TEST_P(TxHistory, FindsACommentAsItWasInserted) {
  Comment full = comment("full", "a");
  full.author_agent_id = "agent";
  full.author_type = "system";
  full.tenant_id = "tenant";
  full.created_at = 5;
  insert({task_named("a")});
  commit([&](Tx& tx) { tx.comments.insert(full); });
  commit([&](Tx& tx) {
    const auto found = tx.comments.of_task(TaskId("a")).at(0);
    EXPECT_EQ(found.author_agent_id, "agent");
    EXPECT_EQ(found.author_type, "system");
    EXPECT_EQ(found.body, "body of full");
    EXPECT_EQ(found.tenant_id, "tenant");
    EXPECT_EQ(found.created_at, 5);
  });
}

TEST_P(TxHistory, RefusesRowsOfATaskThatDoesNotExist) {
  EXPECT_TRUE(failure_of([](Tx& tx) { tx.comments.insert(comment("x", "nobody")); }));
  EXPECT_TRUE(failure_of([](Tx& tx) { tx.executions.insert(execution("x", "nobody")); }));
  EXPECT_TRUE(failure_of([](Tx& tx) { tx.workspaces.insert(workspace("x", "nobody")); }));
}

TEST_P(TxHistory, FindsAnExecutionAsItWasInserted) {
  insert({task_named("a")});
  commit([](Tx& tx) { tx.executions.insert(full_execution()); });
  commit([](Tx& tx) {
    const auto found = tx.executions.find(ExecutionId("full"));
    ASSERT_TRUE(found);
    EXPECT_EQ(columns(*found), columns(full_execution()));
    EXPECT_FALSE(tx.executions.find(ExecutionId("other")));
  });
}

TEST_P(TxHistory, SavesAnExecution) {
  insert({task_named("a")});
  commit([](Tx& tx) {
    Execution started = execution("full", "a");
    started.tenant_id = "tenant";
    started.created_at = 8;
    tx.executions.insert(started);
    tx.executions.save(full_execution());
  });
  commit([](Tx& tx) { EXPECT_EQ(columns(*tx.executions.find(ExecutionId("full"))), columns(full_execution())); });
  EXPECT_TRUE(failure_of([](Tx& tx) { tx.executions.save(execution("other", "a")); }));
}

TEST_P(TxHistory, ListsExecutionsOfATaskOldestFirst) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) {
    for (const auto* id : {"z", "y"}) tx.executions.insert(execution(id, "a"));
    tx.executions.insert(execution("x", "b"));
  });
  commit([](Tx& tx) { EXPECT_THAT(ids_of(tx.executions.of_task(TaskId("a"))), ElementsAre("z", "y")); });
}

TEST_P(TxHistory, KnowsTheRunsThatHoldALease) {
  insert({task_named("a")});
  commit([](Tx& tx) {
    Execution leased = execution("leased", "a");
    leased.lease_fence = 3;
    Execution first = execution("first", "a");
    first.lease_fence = 8;
    Execution ended = leased;
    ended.id = ExecutionId("ended");
    ended.status = ExecutionStatus::kFailed;
    for (const auto& row : {first, leased, ended, execution("of a client", "a")}) tx.executions.insert(row);
  });
  commit([](Tx& tx) { EXPECT_THAT(ids_of(tx.executions.leased()), ElementsAre("first", "leased")); });
  commit([](Tx& tx) {
    auto row = *tx.executions.find(ExecutionId("first"));
    row.status = ExecutionStatus::kSucceeded;
    tx.executions.save(row);
  });
  commit([](Tx& tx) { EXPECT_THAT(ids_of(tx.executions.leased()), ElementsAre("leased")); });
}

TEST_P(TxHistory, FindsTheRunThatHoldsATaskAtItsFence) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) {
    Execution ended = execution("ended", "a");
    ended.lease_fence = 3;
    ended.status = ExecutionStatus::kFailed;
    Execution late = execution("late", "a");
    late.lease_fence = 2;
    Execution held = execution("held", "a");
    held.lease_fence = 3;
    Execution other = execution("other", "b");
    other.lease_fence = 3;
    for (const auto& row : {ended, late, execution("of a client", "a"), other, held}) tx.executions.insert(row);
  });
  commit([](Tx& tx) {
    EXPECT_EQ(tx.executions.leased_at(TaskId("a"), 3), ExecutionId("held"));
    EXPECT_EQ(tx.executions.leased_at(TaskId("a"), 4), std::nullopt);
    EXPECT_THAT(ids_of(tx.executions.running_of(TaskId("a"))), ElementsAre("late", "of a client", "held"));
  });
}

TEST_P(TxHistory, FindsTheNewestWorkspaceOfATask) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) {
    tx.workspaces.insert(workspace("old", "a"));
    tx.workspaces.insert(full_workspace());
    tx.workspaces.insert(workspace("other", "b"));
  });
  commit([](Tx& tx) {
    const auto found = tx.workspaces.newest_of(TaskId("a"));
    ASSERT_TRUE(found);
    EXPECT_EQ(columns(*found), columns(full_workspace()));
    EXPECT_FALSE(tx.workspaces.newest_of(TaskId("c")));
  });
}

TEST_P(TxHistory, PagesThroughTheRepositoriesOfWorkspaces) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) {
    for (const auto* repository : {"/one", "/one", "/two", "/one"}) {
      Workspace row = workspace(std::string("w") + std::to_string(tx.now_ms++), "a");
      row.repo_path = repository;
      tx.workspaces.insert(row);
    }
  });
  commit([](Tx& tx) {
    const auto first = tx.workspaces.repositories(0, 3);
    EXPECT_THAT(first.paths, ElementsAre("/one", "/two"));
    EXPECT_GT(first.next, 0);
    const auto second = tx.workspaces.repositories(first.next, 3);
    EXPECT_THAT(second.paths, ElementsAre("/one"));
    EXPECT_EQ(second.next, 0);
  });
}

TEST_P(TxHistory, SavesAWorkspace) {
  insert({task_named("a")});
  commit([](Tx& tx) {
    Workspace made = workspace("full", "a");
    made.tenant_id = "tenant";
    made.created_at = 1;
    tx.workspaces.insert(made);
    tx.workspaces.save(full_workspace());
  });
  commit([](Tx& tx) { EXPECT_EQ(columns(*tx.workspaces.newest_of(TaskId("a"))), columns(full_workspace())); });
  EXPECT_TRUE(failure_of([](Tx& tx) { tx.workspaces.save(workspace("other", "a")); }));
}

}  // namespace
}  // namespace baton::store::testing
