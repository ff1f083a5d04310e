#include <limits>

#include "base/limits.hpp"
#include "tests/unit/store/tx_suite.hpp"

namespace baton::store::testing {
namespace {

BATON_TX_SUITE(TxLists);

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

TEST_P(TxLists, MovesATaskBetweenTeamLists) {
  insert({ready("a", 0, "red")});
  commit([](Tx& tx) { tx.tasks.save(ready("a", 0, "blue")); });
  commit([](Tx& tx) {
    EXPECT_THAT(ids_of(tx.tasks.list({.team_id = "red"}, std::nullopt, 10).tasks), IsEmpty());
    EXPECT_THAT(ids_of(tx.tasks.list({.team_id = "blue"}, std::nullopt, 10).tasks), ElementsAre("a"));
  });
}

TEST_P(TxLists, ListsNewestFirst) {
  insert({task_named("a"), task_named("b"), task_named("c"), task_named("d"), task_named("e")});
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {}, 2), ElementsAre(ElementsAre("e", "d"), ElementsAre("c", "b"), ElementsAre("a")));
    EXPECT_THAT(pages(tx, {}, 5), ElementsAre(ElementsAre("e", "d", "c", "b", "a")));
  });
}

TEST_P(TxLists, ListsAnEmptyBoard) {
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {}, 10), ElementsAre(IsEmpty()));
    EXPECT_THAT(pages(tx, {.ready = true}, 10), ElementsAre(IsEmpty()));
  });
}

TEST_P(TxLists, ShowsNoTaskTwiceWhenNewOnesArriveBetweenPages) {
  insert({task_named("a"), task_named("b"), task_named("c")});
  commit([](Tx& tx) {
    const TaskPage first = tx.tasks.list({}, std::nullopt, 2);
    tx.tasks.insert(task_named("d"));
    EXPECT_THAT(ids_of(tx.tasks.list({}, first.next, 2).tasks), ElementsAre("a"));
  });
}

TEST_P(TxLists, ListsByTeamStatusAndDropped) {
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

TEST_P(TxLists, StopsAListThatFindsTooLittleAndSaysWhereToGoOn) {
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

TEST_P(TxLists, ListsTasksOfSomeKinds) {
  const auto of_kind = [](std::string_view id, std::optional<std::string> kind) {
    Task task = ready(id, 0, "red");
    task.kind = std::move(kind);
    return task;
  };
  insert({of_kind("research", "research"), of_kind("none", {}), of_kind("code", "code"), of_kind("empty", "")});
  commit([](Tx& tx) {
    for (const std::optional<std::string>& team : {std::optional<std::string>(), std::optional<std::string>("red")}) {
      const auto list = [&](bool is_ready, std::vector<std::string> kinds) {
        return ids_of(
            tx.tasks.list({.team_id = team, .ready = is_ready, .kinds = std::move(kinds)}, std::nullopt, 10).tasks);
      };
      EXPECT_THAT(list(false, {"code"}), ElementsAre("code", "none")) << "without a kind is code";
      EXPECT_THAT(list(true, {"code"}), ElementsAre("none", "code"));
      EXPECT_THAT(list(true, {"research", ""}), ElementsAre("research", "empty"));
      EXPECT_THAT(list(true, {"nothing"}), IsEmpty());
      EXPECT_THAT(list(true, {}), ElementsAre("research", "none", "code", "empty"));
    }
  });
}

TEST_P(TxLists, StopsAReadyListOfARareKindAndSaysWhereToGoOn) {
  commit([](Tx& tx) {
    for (std::size_t i = 0; i < limits::kListScan + 10; ++i) {
      tx.tasks.insert(ready("other-" + std::to_string(i), i % 2 == 0 ? 1 : 0));
    }
    Task rare = ready("rare", 0);
    rare.kind = "research";
    tx.tasks.insert(rare);
  });
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {.ready = true, .kinds = {"research"}}, 1), ElementsAre(IsEmpty(), ElementsAre("rare")));
    std::size_t listed = 0;
    for (const auto& page : pages(tx, {.ready = true, .kinds = {"code"}}, 500)) listed += page.size();
    EXPECT_EQ(listed, limits::kListScan + 10);
  });
}

TEST_P(TxLists, ListsReadyTasksByPriorityThenOldestFirst) {
  insert({ready("low", -1), ready("old", 5), ready("new", 5), ready("top", 9), ready("bottom", -3)});
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {.ready = true}, 10), ElementsAre(ElementsAre("top", "old", "new", "low", "bottom")));
    EXPECT_THAT(pages(tx, {.ready = true}, 2),
                ElementsAre(ElementsAre("top", "old"), ElementsAre("new", "low"), ElementsAre("bottom")));
    EXPECT_THAT(pages(tx, {.ready = true}, 1), ElementsAre(ElementsAre("top"), ElementsAre("old"), ElementsAre("new"),
                                                           ElementsAre("low"), ElementsAre("bottom")));
  });
}

TEST_P(TxLists, ListsReadyTasksOfATeam) {
  insert({ready("a", 1, "red"), ready("b", 2, "blue"), ready("c", 1, "red"), ready("d", 3), ready("e", 2, "red")});
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {.team_id = "red", .ready = true}, 2), ElementsAre(ElementsAre("e", "a"), ElementsAre("c")));
  });
}

TEST_P(TxLists, ListsExtremePriorities) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  insert({ready("least", kLeast), ready("most", kMost), ready("least too", kLeast)});
  commit([](Tx& tx) {
    EXPECT_THAT(pages(tx, {.ready = true}, 1),
                ElementsAre(ElementsAre("most"), ElementsAre("least"), ElementsAre("least too")));
  });
}

TEST_P(TxLists, CallsReadyOnlyWhatAClaimMayTake) {
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

TEST_P(TxLists, TakesATaskOutOfTheReadyListWhenItIsClaimed) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) { tx.tasks.claim({TaskId("a"), "agent", {}, 1}); });
  commit([](Tx& tx) { EXPECT_THAT(pages(tx, {.ready = true}, 10), ElementsAre(ElementsAre("b"))); });
}

TEST_P(TxLists, PutsATaskIntoTheReadyListWhenItsLastBlockerIsMet) {
  Task task = task_named("a");
  task.unmet_blockers = 1;
  insert({task});
  task.unmet_blockers = 0;
  commit([&](Tx& tx) { tx.tasks.save(task); });
  commit([](Tx& tx) { EXPECT_THAT(pages(tx, {.ready = true}, 10), ElementsAre(ElementsAre("a"))); });
}

}  // namespace
}  // namespace baton::store::testing
