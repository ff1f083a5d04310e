#include <tuple>
#include <utility>

#include "base/limits.hpp"
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
  auto found = numbers(view.events.after(seq, filter, limit));
  if (filter.task_id) {
    EXPECT_EQ(numbers(view.events.of_task(seq, filter, limit).value()), found) << "by the chain";
  }
  return found;
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

TEST_P(TxEvents, FiltersByTraceAndTime) {
  insert({task_named("root"), task_named("child")});
  commit([](Tx& tx) {
    Event event = event_of("x", "root");
    event.ts = 10;
    tx.events.append(event);
    event = event_of("x", "child");
    event.trace_id = "root";
    event.ts = 20;
    tx.events.append(event);
    event = event_of("x");
    event.ts = 30;
    tx.events.append(event);
  });
  commit([](Tx& tx) {
    EXPECT_THAT(after(tx, 0, {.trace_id = "root"}), ElementsAre(1, 2)) << "an event without a trace is of its task's";
    EXPECT_THAT(after(tx, 0, {.trace_id = "child"}), IsEmpty());
    EXPECT_THAT(after(tx, 0, {.task_id = TaskId("child"), .trace_id = "root"}), ElementsAre(2));
    EXPECT_THAT(after(tx, 0, {.since_ms = 20}), ElementsAre(2, 3));
    EXPECT_THAT(after(tx, 0, {.task_id = TaskId("root"), .since_ms = 11}), IsEmpty());
    EXPECT_EQ(tx.events.last_before(5), 0);
    EXPECT_EQ(tx.events.last_before(20), 1);
    EXPECT_EQ(tx.events.last_before(21), 2);
    EXPECT_EQ(tx.events.last_before(31), 3);
  });
}

TEST_P(TxEvents, ReadsFromTheNewestOn) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) {
    for (const auto* task : {"a", "b", "a", "b", "a"}) tx.events.append(event_of("x", task));
  });
  commit([](Tx& tx) {
    const auto back = [&](std::int64_t before, std::int64_t down_to, const EventFilter& filter, std::size_t limit) {
      auto page = tx.events.before(before, down_to, filter, limit);
      return std::pair(numbers(page.events), page.cursor);
    };
    using Seqs = std::vector<std::int64_t>;
    const EventFilter of_a{.task_id = TaskId("a")};
    EXPECT_EQ(back(6, 0, {}, 2), std::pair(Seqs({5, 4}), 4L));
    EXPECT_EQ(back(4, 0, {}, 9), std::pair(Seqs({3, 2, 1}), 1L));
    EXPECT_EQ(back(4, 1, {}, 9), std::pair(Seqs({3, 2}), 2L));
    EXPECT_EQ(back(6, 0, of_a, 2), std::pair(Seqs({5, 3}), 3L));
    EXPECT_EQ(back(3, 0, of_a, 2), std::pair(Seqs({1}), 1L)) << "on from a cursor of the chain";
    EXPECT_EQ(back(4, 0, of_a, 2), std::pair(Seqs({3, 1}), 1L)) << "and from any other";
    EXPECT_EQ(back(6, 3, of_a, 9), std::pair(Seqs({5}), 4L));
    EXPECT_EQ(back(6, 0, {.task_id = TaskId("nobody")}, 9), std::pair(Seqs(), 1L));
  });
}

TEST_P(TxEvents, FollowsAChainForABoundedWay) {
  insert({task_named("a")});
  constexpr auto kTold = static_cast<std::int64_t>(limits::kEventChain) + 1;
  commit([](Tx& tx) {
    for (std::int64_t i = 0; i < kTold; ++i) tx.events.append(event_of("x", "a"));
  });
  commit([](Tx& tx) {
    EXPECT_FALSE(tx.events.of_task(0, {.task_id = TaskId("a")}, 1));
    EXPECT_EQ(numbers(tx.events.of_task(1, {.task_id = TaskId("a")}, 1).value()), std::vector<std::int64_t>{2});
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
