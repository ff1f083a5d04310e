#include <limits>

#include "base/limits.hpp"
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
  return task;
}

auto columns(const Task& t) {
  return std::tie(t.id, t.title, t.description, t.status, t.priority, t.team_id, t.assignee_agent_id,
                  t.assignee_runtime, t.parent_task_id, t.source_delegation_id, t.worktree_ref, t.branch_ref,
                  t.cost_usd, t.parent_session_id, t.dropped, t.tenant_id, t.verification, t.scheduled_by, t.created_at,
                  t.updated_at, t.completed_at, t.fence, t.claimed_at, t.unmet_blockers, t.last_event_seq);
}

Task ready(std::string_view id, std::int64_t priority, std::optional<std::string> team = std::nullopt) {
  Task task = task_named(id);
  task.priority = priority;
  task.team_id = std::move(team);
  return task;
}

// All pages of a list, one after the other.
std::vector<std::vector<std::string>> pages(const View& view, const TaskFilter& filter, std::size_t limit) {
  std::vector<std::vector<std::string>> found;
  std::optional<TaskCursor> after;
  do {
    const TaskPage page = view.tasks.list(filter, after, limit);
    found.push_back(ids_of(page.tasks));
    after = page.next;
  } while (after);
  return found;
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

TEST_P(TxTasks, MovesATaskBetweenTeamLists) {
  insert({ready("a", 0, "red")});
  commit([](Tx& tx) { tx.tasks.save(ready("a", 0, "blue")); });
  commit([](Tx& tx) {
    EXPECT_THAT(ids_of(tx.tasks.list({.team_id = "red"}, std::nullopt, 10).tasks), IsEmpty());
    EXPECT_THAT(ids_of(tx.tasks.list({.team_id = "blue"}, std::nullopt, 10).tasks), ElementsAre("a"));
  });
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

TEST_P(TxTasks, ClaimsATaskWithUnmetBlockers) {  // contract §1.3: dependencies are not checked
  Task task = task_named("a");
  task.unmet_blockers = 2;
  insert({task});
  commit([](Tx& tx) { EXPECT_TRUE(tx.tasks.claim({TaskId("a"), "agent", {}, 1})); });
}

TEST_P(TxTasks, ListsNewestFirst) {
  insert({task_named("a"), task_named("b"), task_named("c"), task_named("d"), task_named("e")});
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {}, 2), ElementsAre(ElementsAre("e", "d"), ElementsAre("c", "b"), ElementsAre("a")));
    EXPECT_THAT(pages(tx, {}, 5), ElementsAre(ElementsAre("e", "d", "c", "b", "a")));
  });
}

TEST_P(TxTasks, ListsAnEmptyBoard) {
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {}, 10), ElementsAre(IsEmpty()));
    EXPECT_THAT(pages(tx, {.ready = true}, 10), ElementsAre(IsEmpty()));
  });
}

TEST_P(TxTasks, ShowsNoTaskTwiceWhenNewOnesArriveBetweenPages) {
  insert({task_named("a"), task_named("b"), task_named("c")});
  commit([](Tx& tx) {
    const TaskPage first = tx.tasks.list({}, std::nullopt, 2);
    tx.tasks.insert(task_named("d"));
    EXPECT_THAT(ids_of(tx.tasks.list({}, first.next, 2).tasks), ElementsAre("a"));
  });
}

TEST_P(TxTasks, ListsByTeamStatusAndDropped) {
  Task blocked = ready("blocked", 0, "red");
  blocked.status = TaskStatus::kBlocked;
  Task dropped = ready("dropped", 0, "red");
  dropped.dropped = true;
  insert({ready("todo", 0, "red"), blocked, dropped, ready("other", 0, "blue"), task_named("alone")});
  commit([](Tx& tx) {
    const auto list = [&](const TaskFilter& filter) { return ids_of(tx.tasks.list(filter, std::nullopt, 10).tasks); };
    EXPECT_THAT(list({.team_id = "red"}), ElementsAre("blocked", "todo"));
    EXPECT_THAT(list({.team_id = "red", .include_dropped = true}), ElementsAre("dropped", "blocked", "todo"));
    EXPECT_THAT(list({.team_id = "red", .status = TaskStatus::kBlocked}), ElementsAre("blocked"));
    EXPECT_THAT(list({.status = TaskStatus::kTodo}), ElementsAre("alone", "other", "todo"));
    EXPECT_THAT(list({.team_id = ""}), IsEmpty());
  });
}

TEST_P(TxTasks, StopsAListThatFindsTooLittleAndSaysWhereToGoOn) {
  Task wanted = task_named("wanted");
  wanted.status = TaskStatus::kInReview;
  insert({wanted});
  commit([](Tx& tx) {
    for (std::size_t i = 0; i < limits::kListScan + 10; ++i) tx.tasks.insert(task_named("other-" + std::to_string(i)));
  });
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {.status = TaskStatus::kInReview}, 10), ElementsAre(IsEmpty(), ElementsAre("wanted")));
  });
}

TEST_P(TxTasks, ListsReadyTasksByPriorityThenOldestFirst) {
  insert({ready("low", -1), ready("old", 5), ready("new", 5), ready("top", 9), ready("bottom", -3)});
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {.ready = true}, 10), ElementsAre(ElementsAre("top", "old", "new", "low", "bottom")));
    EXPECT_THAT(pages(tx, {.ready = true}, 2),
                ElementsAre(ElementsAre("top", "old"), ElementsAre("new", "low"), ElementsAre("bottom")));
    EXPECT_THAT(pages(tx, {.ready = true}, 1), ElementsAre(ElementsAre("top"), ElementsAre("old"), ElementsAre("new"),
                                                           ElementsAre("low"), ElementsAre("bottom")));
  });
}

TEST_P(TxTasks, ListsReadyTasksOfATeam) {
  insert({ready("a", 1, "red"), ready("b", 2, "blue"), ready("c", 1, "red"), ready("d", 3), ready("e", 2, "red")});
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {.team_id = "red", .ready = true}, 2), ElementsAre(ElementsAre("e", "a"), ElementsAre("c")));
  });
}

TEST_P(TxTasks, ListsExtremePriorities) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  insert({ready("least", kLeast), ready("most", kMost), ready("least too", kLeast)});
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {.ready = true}, 1),
                ElementsAre(ElementsAre("most"), ElementsAre("least"), ElementsAre("least too")));
  });
}

TEST_P(TxTasks, CallsReadyOnlyWhatAClaimMayTake) {
  Task assigned = task_named("assigned");
  assigned.assignee_agent_id = "somebody";
  Task dropped = task_named("dropped");
  dropped.dropped = true;
  Task waiting = task_named("waiting");
  waiting.unmet_blockers = 1;
  Task backlog = task_named("backlog");
  backlog.status = TaskStatus::kBacklog;
  insert({assigned, dropped, waiting, backlog, task_named("ready")});
  commit([](Tx& tx) {
    const TaskFilter filter{.status = TaskStatus::kBacklog, .include_dropped = true, .ready = true};
    EXPECT_THAT(ids_of(tx.tasks.list(filter, std::nullopt, 10).tasks), ElementsAre("ready"));
  });
}

TEST_P(TxTasks, TakesATaskOutOfTheReadyListWhenItIsClaimed) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) { tx.tasks.claim({TaskId("a"), "agent", {}, 1}); });
  commit([](Tx& tx) { EXPECT_THAT(pages(tx, {.ready = true}, 10), ElementsAre(ElementsAre("b"))); });
}

TEST_P(TxTasks, PutsATaskIntoTheReadyListWhenItsLastBlockerIsMet) {
  Task task = task_named("a");
  task.unmet_blockers = 1;
  insert({task});
  task.unmet_blockers = 0;
  commit([&](Tx& tx) { tx.tasks.save(task); });
  commit([](Tx& tx) { EXPECT_THAT(pages(tx, {.ready = true}, 10), ElementsAre(ElementsAre("a"))); });
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
