#include <tuple>

#include "tests/unit/store/tx_suite.hpp"

namespace baton::store::testing {
namespace {

BATON_TX_SUITE(TxEvents);

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::int64_t> numbers(const std::vector<Event>& events) {
  std::vector<std::int64_t> found;
  for (const auto& event : events) found.push_back(event.seq);
  return found;
}

std::vector<std::int64_t> after(const View& view, std::int64_t seq, const EventFilter& filter = {},
                                std::size_t limit = 100) {
  return numbers(view.events.after(seq, filter, limit));
}

TEST_P(TxEvents, NumbersEventsFromOneWithoutGaps) {
  commit([](Tx& tx) {
    EXPECT_EQ(tx.events.last_seq(), 0);
    EXPECT_EQ(tx.events.append(event_of("a")), 1);
    EXPECT_EQ(tx.events.append(event_of("b")), 2);
  });
  commit([](Tx& tx) {
    EXPECT_EQ(tx.events.last_seq(), 2);
    EXPECT_EQ(tx.events.append(event_of("c")), 3);
    EXPECT_THAT(after(tx, 0), ElementsAre(1, 2, 3));
  });
}

TEST_P(TxEvents, FindsAnEventAsItWasAppended) {
  Event full = event_of("cost", "a");
  full.id = "name";
  full.ts = 5;
  full.team_id = "team";
  full.agent_id = "agent";
  full.runtime = "runtime";
  full.trace_id = "trace";
  full.data = R"({"costUsd":1})";
  full.tenant_id = "tenant";
  insert({task_named("a")});
  commit([&](Tx& tx) { tx.events.append(full); });
  commit([&](Tx& tx) {
    const Event found = tx.events.after(0, {}, 1).at(0);
    const auto columns = [](const Event& e) {
      return std::tie(e.id, e.ts, e.kind, e.team_id, e.task_id, e.agent_id, e.runtime, e.trace_id, e.data, e.tenant_id);
    };
    EXPECT_EQ(columns(found), columns(full));
    EXPECT_EQ(found.seq, 1);
    EXPECT_EQ(found.previous_seq, 0);
  });
}

TEST_P(TxEvents, ChainsTheEventsOfATask) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) {
    for (const auto* task : {"a", "b", "a", "b", "a"}) tx.events.append(event_of("x", task));
    tx.events.append(event_of("x"));
    EXPECT_EQ(tx.tasks.find(TaskId("a"))->last_event_seq, 5);
    EXPECT_EQ(tx.events.after(4, {}, 1).at(0).previous_seq, 3);
  });
  commit([](Tx& tx) {
    EXPECT_THAT(after(tx, 0, {.task_id = TaskId("a")}), ElementsAre(1, 3, 5));
    EXPECT_THAT(after(tx, 1, {.task_id = TaskId("a")}), ElementsAre(3, 5));
    EXPECT_THAT(after(tx, 5, {.task_id = TaskId("a")}), IsEmpty());
    EXPECT_THAT(after(tx, 0, {.task_id = TaskId("a")}, 2), ElementsAre(1, 3)) << "the oldest, not the newest";
    EXPECT_THAT(after(tx, 0, {.task_id = TaskId("nobody")}), IsEmpty());
  });
}

TEST_P(TxEvents, KeepsAnEventOfATaskThatDoesNotExist) {
  commit([](Tx& tx) { EXPECT_EQ(tx.events.append(event_of("x", "gone")), 1); });
  commit([](Tx& tx) { EXPECT_THAT(after(tx, 0), ElementsAre(1)); });
}

TEST_P(TxEvents, FiltersEvents) {
  insert({task_named("a")});
  commit([](Tx& tx) {
    const auto append = [&](const char* kind, const char* team, const char* agent, const char* task) {
      Event event = event_of(kind, task);
      event.team_id = team;
      event.agent_id = agent;
      tx.events.append(event);
    };
    append("cost", "red", "ann", "a");
    append("error", "red", "bob", "a");
    append("cost", "blue", "ann", "");
    append("tool_call", "blue", "bob", "a");
    tx.events.append(event_of("cost"));
  });
  commit([](Tx& tx) {
    EXPECT_THAT(after(tx, 0, {.team_id = "red"}), ElementsAre(1, 2));
    EXPECT_THAT(after(tx, 0, {.agent_id = "ann"}), ElementsAre(1, 3));
    EXPECT_THAT(after(tx, 0, {.kinds = {"cost"}}), ElementsAre(1, 3, 5));
    EXPECT_THAT(after(tx, 0, {.kinds = {"cost", "tool_call"}}, 3), ElementsAre(1, 3, 4));
    EXPECT_THAT(after(tx, 0, {.team_id = "red", .agent_id = "bob", .kinds = {"error"}}), ElementsAre(2));
    EXPECT_THAT(after(tx, 0, {.task_id = TaskId("a"), .kinds = {"error", "tool_call"}}), ElementsAre(2, 4));
    EXPECT_THAT(after(tx, 0, {.task_id = TaskId("a"), .agent_id = "ann"}), ElementsAre(1));
    EXPECT_THAT(after(tx, 0, {.kinds = {"nothing"}}), IsEmpty());
    EXPECT_THAT(after(tx, 0, {.up_to = 2}), ElementsAre(1, 2));
    EXPECT_THAT(after(tx, 1, {.task_id = TaskId("a"), .up_to = 3}), ElementsAre(2));
  });
}

TEST_P(TxEvents, DoesNotTellAnAbsentTeamFromAnEmptyOneByAccident) {
  commit([](Tx& tx) { tx.events.append(event_of("x")); });
  commit([](Tx& tx) { EXPECT_THAT(after(tx, 0, {.team_id = ""}), IsEmpty()); });
}

TEST_P(TxEvents, GivesTheNumbersOfAnUndoneScriptAgain) {
  auto tx = backend().begin(kNow);
  ASSERT_TRUE(tx);
  ASSERT_TRUE(backend().save_point());
  EXPECT_EQ((*tx)->events.append(event_of("kept")), 1);
  ASSERT_TRUE(backend().save_point());
  EXPECT_EQ((*tx)->events.append(event_of("undone")), 2);
  backend().undo_to_save_point();
  ASSERT_TRUE(backend().save_point());
  EXPECT_EQ((*tx)->events.append(event_of("kept too")), 2);
  ASSERT_TRUE(backend().commit());
  commit([](Tx& next) {
    EXPECT_THAT(after(next, 0), ElementsAre(1, 2));
    EXPECT_EQ(next.events.after(1, {}, 1).at(0).kind, "kept too");
  });
}

TEST_P(TxEvents, GivesTheNumbersOfALostGroupAgain) {
  commit([](Tx& tx) { tx.events.append(event_of("kept")); });
  EXPECT_FALSE(failure_of([](Tx& tx) { tx.events.append(event_of("lost")); }));
  commit([](Tx& tx) { EXPECT_EQ(tx.events.append(event_of("next")), 2); });
}

}  // namespace
}  // namespace baton::store::testing
