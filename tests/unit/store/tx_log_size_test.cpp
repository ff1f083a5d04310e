// The event log's size, and how it is kept.
#include "tests/unit/store/tx_suite.hpp"

namespace baton::store::testing {
namespace {

BATON_TX_SUITE(TxLogSize);

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// An event whose texts are `bytes` long together.
Event sized(std::size_t bytes, std::int64_t ts = 0) {
  Event event;
  event.id = "1234";
  event.kind = "12";
  event.data = std::string(bytes - 6, 'x');
  event.ts = ts;
  return event;
}

std::vector<std::int64_t> numbers(const View& view) {
  std::vector<std::int64_t> found;
  for (const auto& event : view.events.after(0, {}, 100)) found.push_back(event.seq);
  return found;
}

TEST_P(TxLogSize, FindsAnEventByItsNumber) {
  commit([](Tx& tx) {
    tx.events.append(event_of("first"));
    tx.events.append(event_of("second"));
    EXPECT_EQ(tx.events.find(2)->kind, "second");
    EXPECT_FALSE(tx.events.find(0));
    EXPECT_FALSE(tx.events.find(3));
  });
}

TEST_P(TxLogSize, CountsTheBytesOfAllTexts) {
  Event full;
  full.id = "1";
  full.kind = "12";
  full.team_id = "123";
  full.task_id = TaskId("1234");
  full.agent_id = "12345";
  full.runtime = "123456";
  full.trace_id = "1234567";
  full.data = "12345678";
  full.tenant_id = "12345678\xC3\xA9";
  commit([&](Tx& tx) {
    EXPECT_EQ(tx.events.bytes(), 0);
    tx.events.append(full);
    EXPECT_EQ(tx.events.bytes(), 46);
    tx.events.append(sized(54));
  });
  commit([](Tx& tx) { EXPECT_EQ(tx.events.bytes(), 100); });
}

TEST_P(TxLogSize, DoesNotCountWhatWasUndone) {
  commit([](Tx& tx) { tx.events.append(sized(10)); });
  EXPECT_FALSE(failure_of([](Tx& tx) { tx.events.append(sized(100)); }));
  auto tx = backend().begin(kNow);
  ASSERT_TRUE(tx);
  ASSERT_TRUE(backend().save_point());
  (*tx)->events.append(sized(1'000));
  backend().undo_to_save_point();
  (*tx)->events.append(sized(20));
  ASSERT_TRUE(backend().commit());
  commit([](Tx& next) { EXPECT_EQ(next.events.bytes(), 30); });
}

TEST_P(TxLogSize, PrunesByAgeFromTheOldestOn) {
  commit([](Tx& tx) {
    for (const auto ts : {10, 20, 30, 15, 40, 50}) tx.events.append(sized(10, ts));
    EXPECT_EQ(tx.events.prune({.before_ms = 30}, 100), 2U);
    EXPECT_THAT(numbers(tx), ElementsAre(3, 4, 5, 6)) << "the log has no holes, even if the clock was set back";
    EXPECT_EQ(tx.events.bytes(), 40);
    EXPECT_EQ(tx.events.prune({.before_ms = 30}, 100), 0U);
  });
}

TEST_P(TxLogSize, PrunesBySizeNoMoreThanNeeded) {
  commit([](Tx& tx) {
    for (const auto bytes : {100U, 10U, 10U, 10U}) tx.events.append(sized(bytes));
    EXPECT_EQ(tx.events.prune({.keep_bytes = 130}, 100), 0U);
    EXPECT_EQ(tx.events.prune({.keep_bytes = 129}, 100), 1U);
    EXPECT_EQ(tx.events.bytes(), 30);
    EXPECT_EQ(tx.events.prune({.keep_bytes = 20}, 100), 1U);
    EXPECT_EQ(tx.events.prune({.keep_bytes = 15}, 100), 1U);
    EXPECT_THAT(numbers(tx), ElementsAre(4));
  });
}

TEST_P(TxLogSize, PrunesInSteps) {
  commit([](Tx& tx) {
    for (int i = 0; i < 7; ++i) tx.events.append(sized(10));
    EXPECT_EQ(tx.events.prune({.before_ms = 1}, 4), 4U);
    EXPECT_EQ(tx.events.prune({.before_ms = 1}, 4), 2U);
    EXPECT_THAT(numbers(tx), ElementsAre(7));
  });
}

TEST_P(TxLogSize, KeepsTheNewestEventWhateverIsAskedFor) {
  commit([](Tx& tx) {
    EXPECT_EQ(tx.events.prune({.before_ms = 1'000, .keep_bytes = 0}, 100), 0U);
    tx.events.append(sized(10));
    tx.events.append(sized(10));
    EXPECT_EQ(tx.events.prune({.before_ms = 1'000, .keep_bytes = 0}, 100), 1U);
    EXPECT_EQ(tx.events.prune({.before_ms = 1'000, .keep_bytes = 0}, 100), 0U);
    EXPECT_EQ(tx.events.append(sized(10)), 3);
    EXPECT_EQ(tx.events.bytes(), 20);
  });
}

TEST_P(TxLogSize, PrunesNothingBehindAGivenNumber) {
  commit([](Tx& tx) {
    for (int i = 0; i < 5; ++i) tx.events.append(sized(10));
    EXPECT_EQ(tx.events.prune({.before_ms = 1, .up_to = 0}, 100), 0U);
    EXPECT_EQ(tx.events.prune({.keep_bytes = 0, .up_to = 2}, 100), 2U);
    EXPECT_THAT(numbers(tx), ElementsAre(3, 4, 5));
  });
}

TEST_P(TxLogSize, EndsATasksHistoryWhereTheLogBegins) {
  insert({task_named("a")});
  commit([](Tx& tx) {
    for (int i = 0; i < 4; ++i) tx.events.append(event_of("x", "a"));
    tx.events.append(event_of("x"));
    EXPECT_EQ(tx.events.prune({.before_ms = 1, .up_to = 3}, 100), 3U);
    EXPECT_EQ(tx.events.of_task(0, {.task_id = TaskId("a")}, 10)->size(), 1U);
    EXPECT_EQ(tx.events.prune({.before_ms = 1}, 100), 1U);
    EXPECT_THAT(tx.events.of_task(0, {.task_id = TaskId("a")}, 10).value(), IsEmpty());
  });
}

}  // namespace
}  // namespace baton::store::testing
