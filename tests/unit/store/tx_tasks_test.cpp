#include <tuple>

#include "tests/unit/store/tx_suite.hpp"

namespace baton::store::testing {
namespace {

using namespace std::string_literals;

BATON_TX_SUITE(TxTasks);

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Each column with a value of its own, so that two columns that were swapped do not look alike.
Task full_task() {
  Task task = task_named("full");
  task.description = "what is to be done";
  task.status = TaskStatus::kBlocked;
  task.priority = -7;
  task.team_id = "team";
  task.assignee_agent_id = "agent";
  task.assignee_runtime = "runtime";
  task.parent_task_id = TaskId("parent");
  task.source_delegation_id = "delegation";
  task.worktree_ref = "/worktree";
  task.branch_ref = "branch";
  task.cost_usd = 0.25;
  task.parent_session_id = "session";
  task.dropped = true;
  task.tenant_id = "tenant";
  task.verification = "{}";
  task.scheduled_by = "routine";
  task.created_at = 11;
  task.updated_at = 12;
  task.completed_at = 13;
  task.fence = 14;
  task.claimed_at = 15;
  task.unmet_blockers = 16;
  task.kind = "research";
  task.lease_ms = 17;
  task.lease_check_at = 18;
  return task;
}

auto columns(const Task& t) {
  return std::tie(t.id, t.title, t.description, t.status, t.priority, t.team_id, t.assignee_agent_id,
                  t.assignee_runtime, t.parent_task_id, t.source_delegation_id, t.worktree_ref, t.branch_ref,
                  t.cost_usd, t.parent_session_id, t.dropped, t.tenant_id, t.verification, t.scheduled_by, t.created_at,
                  t.updated_at, t.completed_at, t.fence, t.claimed_at, t.unmet_blockers, t.last_event_seq, t.kind,
                  t.lease_ms, t.lease_check_at);
}

TEST_P(TxTasks, FindsATaskAsItWasInserted) {
  insert({task_named("parent"), full_task()});
  commit([](Tx& tx) {
    const auto found = tx.tasks.find(TaskId("full"));
    ASSERT_TRUE(found);
    EXPECT_EQ(columns(*found), columns(full_task()));
  });
}

TEST_P(TxTasks, KeepsAbsentTextApartFromEmptyText) {
  Task task = task_named("a");
  task.description = "";
  insert({task});
  commit([](Tx& tx) {
    const auto found = tx.tasks.find(TaskId("a"));
    EXPECT_EQ(found->description, "");
    EXPECT_EQ(found->team_id, std::nullopt);
  });
}

TEST_P(TxTasks, KeepsTextThatIsHardToKeep) {
  Task task = task_named("a");
  task.title = "a\0b'\"; DROP TABLE tasks; -- \xF0\x9F\x8C\xB3"s;
  task.description = std::string(1 << 20, 'x');
  insert({task});
  commit([&](Tx& tx) {
    EXPECT_EQ(tx.tasks.find(TaskId("a"))->title, task.title);
    EXPECT_EQ(tx.tasks.find(TaskId("a"))->description, task.description);
  });
}

TEST_P(TxTasks, FindsNothingUnderAnUnknownId) {
  commit([](Tx& tx) {
    EXPECT_FALSE(tx.tasks.find(TaskId("a")));
    EXPECT_FALSE(tx.tasks.find(TaskId("")));
  });
}

TEST_P(TxTasks, SavesEveryColumnButTheHeadOfTheEventChain) {
  Task changed = full_task();
  changed.id = TaskId("a");
  changed.last_event_seq = 99;
  insert({task_named("parent"), task_named("a")});
  commit([&](Tx& tx) {
    tx.events.append(event_of("task_created", "a"));
    tx.tasks.save(changed);
  });
  changed.last_event_seq = 1;
  commit([&](Tx& tx) { EXPECT_EQ(columns(*tx.tasks.find(TaskId("a"))), columns(changed)); });
}

TEST_P(TxTasks, SavingATaskThatIsNotThereIsAFailure) {
  const auto failure = failure_of([](Tx& tx) { tx.tasks.save(task_named("a")); });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, Errc::kInternal);
}

TEST_P(TxTasks, ClaimsATaskThatIsFree) {
  insert({task_named("a")});
  commit([](Tx& tx) {
    const auto claimed = tx.tasks.claim({TaskId("a"), "agent", "codex", 77});
    ASSERT_TRUE(claimed);
    EXPECT_EQ(claimed->status, TaskStatus::kInProgress);
    EXPECT_EQ(claimed->assignee_agent_id, "agent");
    EXPECT_EQ(claimed->assignee_runtime, "codex");
    EXPECT_EQ(claimed->claimed_at, 77);
    EXPECT_EQ(claimed->updated_at, 77);
    EXPECT_EQ(claimed->fence, 1);
  });
  commit([](Tx& tx) { EXPECT_EQ(tx.tasks.find(TaskId("a"))->assignee_agent_id, "agent"); });
}

TEST_P(TxTasks, RaisesTheFenceWithEachClaim) {
  Task task = task_named("a");
  task.fence = 41;
  insert({task});
  commit([](Tx& tx) { EXPECT_EQ(tx.tasks.claim({TaskId("a"), "agent", {}, 1})->fence, 42); });
}

TEST_P(TxTasks, ForgetsTheRuntimeThatAClaimDoesNotName) {
  Task task = task_named("a");
  task.assignee_runtime = "wished at creation";
  insert({task});
  commit([](Tx& tx) { EXPECT_EQ(tx.tasks.claim({TaskId("a"), "agent", {}, 1})->assignee_runtime, std::nullopt); });
}

TEST_P(TxTasks, ClaimsATaskOnce) {
  insert({task_named("a")});
  commit([](Tx& tx) {
    EXPECT_TRUE(tx.tasks.claim({TaskId("a"), "first", {}, 1}));
    EXPECT_FALSE(tx.tasks.claim({TaskId("a"), "second", {}, 2}));
    EXPECT_FALSE(tx.tasks.claim({TaskId("a"), "first", {}, 3}));
    EXPECT_EQ(tx.tasks.find(TaskId("a"))->fence, 1);
  });
}

TEST_P(TxTasks, ClaimsNothingThatIsNotTodo) {
  for (int i = 0; i < kTaskStatuses; ++i) {
    const auto status = static_cast<TaskStatus>(i);
    if (status == TaskStatus::kTodo) continue;
    Task task = task_named(to_text(status));
    task.status = status;
    insert({task});
    commit([&](Tx& tx) { EXPECT_FALSE(tx.tasks.claim({task.id, "agent", {}, 1})) << task.id.value; });
  }
}

TEST_P(TxTasks, ClaimsNothingThatIsAssignedDroppedOrUnknown) {
  Task assigned = task_named("assigned");
  assigned.assignee_agent_id = "somebody";
  Task dropped = task_named("dropped");
  dropped.dropped = true;
  insert({assigned, dropped});
  commit([](Tx& tx) {
    EXPECT_FALSE(tx.tasks.claim({TaskId("assigned"), "agent", {}, 1}));
    EXPECT_FALSE(tx.tasks.claim({TaskId("dropped"), "agent", {}, 1}));
    EXPECT_FALSE(tx.tasks.claim({TaskId("unknown"), "agent", {}, 1}));
  });
}

TEST_P(TxTasks, ClaimsATaskWithUnmetBlockersOnlyWhenTheyAreIgnored) {
  Task task = task_named("a");
  task.unmet_blockers = 2;
  insert({task});
  commit([](Tx& tx) {
    EXPECT_FALSE(tx.tasks.claim({.id = TaskId("a"), .assignee_agent_id = "agent", .assignee_runtime = {}}));
    EXPECT_TRUE(tx.tasks.claim(
        {.id = TaskId("a"), .assignee_agent_id = "agent", .assignee_runtime = {}, .ignore_dependencies = true}));
  });
}

TEST_P(TxTasks, ReplacesTheLeaseWithEachClaim) {
  Task task = task_named("a");
  task.lease_ms = 5;
  insert({task, task_named("b")});
  commit([](Tx& tx) {
    EXPECT_EQ(tx.tasks.claim({TaskId("a"), "agent", {}, 1})->lease_ms, std::nullopt);
    const TaskId b("b");
    ClaimUpdate update{b, "agent", {}, 1};
    update.lease_ms = 60;
    EXPECT_EQ(tx.tasks.claim(update)->lease_ms, 60);
    EXPECT_EQ(tx.tasks.find(TaskId("b"))->lease_ms, 60);
    EXPECT_EQ(tx.tasks.find(TaskId("b"))->lease_check_at, std::nullopt);
  });
}

TEST_P(TxTasks, NotesWhenTheLeaseOfAClaimIsToBeLookedAt) {
  insert({task_named("a")});
  commit([](Tx& tx) {
    const TaskId a("a");
    ClaimUpdate update{a, "agent", {}, 1};
    update.lease_ms = 60;
    update.lease_check_at = 61;
    EXPECT_EQ(tx.tasks.claim(update)->lease_check_at, 61);
    EXPECT_EQ(tx.tasks.find(TaskId("a"))->lease_check_at, 61);
  });
}

TEST_P(TxTasks, FindsLeasesThatAreDueTheLongestDueFirst) {
  const auto watched = [](std::string_view id, std::int64_t check_at) {
    Task task = task_named(id);
    task.lease_check_at = check_at;
    return task;
  };
  insert({watched("a", 30), watched("b", 10), watched("c", 20), watched("d", 40), task_named("e")});
  commit([&](Tx& tx) {
    EXPECT_THAT(ids_of(tx.tasks.lease_due(30, 10)), ElementsAre("b", "c", "a"));
    EXPECT_THAT(ids_of(tx.tasks.lease_due(30, 2)), ElementsAre("b", "c"));
    EXPECT_THAT(tx.tasks.lease_due(9, 10), IsEmpty());
    tx.tasks.save(watched("b", 50));
    tx.tasks.save(task_named("c"));
    tx.tasks.save(watched("e", 5));
    EXPECT_THAT(ids_of(tx.tasks.lease_due(30, 10)), ElementsAre("e", "a"));
  });
}

TEST_P(TxTasks, NamesAncestorsFromTheParentUpwards) {
  const auto child = [](std::string_view id, std::string_view parent) {
    Task task = task_named(id);
    task.parent_task_id = TaskId(parent);
    return task;
  };
  insert({task_named("root"), child("middle", "root"), child("leaf", "middle")});
  commit([](Tx& tx) {
    const auto found = tx.tasks.ancestors(TaskId("leaf"), 10);
    EXPECT_THAT(ids_of(found), ElementsAre("middle", "root"));
    EXPECT_EQ(found[0].parent_task_id, TaskId("root"));
    EXPECT_EQ(found[1].parent_task_id, std::nullopt);
    EXPECT_EQ(found[1].title, "title of root");
    EXPECT_EQ(found[1].status, TaskStatus::kTodo);
    EXPECT_THAT(ids_of(tx.tasks.ancestors(TaskId("leaf"), 1)), ElementsAre("middle"));
    EXPECT_THAT(tx.tasks.ancestors(TaskId("root"), 10), IsEmpty());
    EXPECT_THAT(tx.tasks.ancestors(TaskId("unknown"), 10), IsEmpty());
  });
}

TEST_P(TxTasks, EndsWhenAncestorsFormARing) {
  Task task = task_named("a");
  insert({task});
  task.parent_task_id = TaskId("a");
  commit([&](Tx& tx) { tx.tasks.save(task); });
  commit([](Tx& tx) { EXPECT_EQ(tx.tasks.ancestors(TaskId("a"), 5).size(), 5U); });
}

TEST_P(TxTasks, RefusesASecondTaskUnderTheSameId) {
  insert({task_named("a")});
  const auto failure = failure_of([](Tx& tx) { tx.tasks.insert(task_named("a")); });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, Errc::kInternal);
}

TEST_P(TxTasks, RefusesAParentThatDoesNotExist) {
  Task task = task_named("a");
  task.parent_task_id = TaskId("nobody");
  const auto failure = failure_of([&](Tx& tx) { tx.tasks.insert(task); });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, Errc::kInternal);
}

}  // namespace
}  // namespace baton::store::testing
