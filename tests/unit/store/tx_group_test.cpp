// Scripts within a group: each is undone alone, a failing one does nothing more, and the group is one transaction.
#include "tests/unit/store/tx_suite.hpp"

namespace baton::store::testing {
namespace {

BATON_TX_SUITE(TxGroup);

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> tasks(const View& view) { return ids_of(view.tasks.list({}, std::nullopt, 100).tasks); }

TEST_P(TxGroup, GivesTheTimeAndTheIdsOfTheTransaction) {
  commit([](Tx& tx) {
    EXPECT_EQ(tx.now_ms, kNow);
    EXPECT_EQ(tx.ids.next(), "id-1");
    EXPECT_EQ(tx.ids.next(), "id-2");
  });
}

TEST_P(TxGroup, UndoesOneScriptOfAGroup) {
  auto tx = backend().begin(kNow);
  ASSERT_TRUE(tx);
  for (const auto* id : {"a", "b", "c"}) {
    ASSERT_TRUE(backend().save_point());
    (*tx)->tasks.insert(task_named(id));
    if (id[0] == 'b') backend().undo_to_save_point();
  }
  ASSERT_TRUE(backend().commit());
  commit([](Tx& next) { EXPECT_THAT(tasks(next), ElementsAre("c", "a")); });
}

TEST_P(TxGroup, DoesAndFindsNothingAfterAFailure) {
  insert({task_named("a")});
  const auto failure = failure_of([](Tx& tx) {
    tx.tasks.insert(task_named("a"));
    tx.tasks.insert(task_named("b"));
    EXPECT_FALSE(tx.tasks.find(TaskId("a")));
    EXPECT_FALSE(tx.tasks.claim({TaskId("a"), "agent", {}, 1}));
    EXPECT_THAT(tasks(tx), IsEmpty());
    EXPECT_THAT(tx.comments.of_task(TaskId("a")), IsEmpty());
    EXPECT_THAT(tx.events.after(0, {}, 10), IsEmpty());
    EXPECT_FALSE(tx.dependencies.reaches(TaskId("a"), TaskId("a")));
  });
  ASSERT_TRUE(failure);
  EXPECT_THAT(failure->what, ::testing::HasSubstr("tasks.id")) << "the first failure is kept";
  commit([](Tx& tx) { EXPECT_THAT(tasks(tx), ElementsAre("a")); });
}

TEST_P(TxGroup, EndsTheFailureOfOneScriptWithThatScript) {
  insert({task_named("a")});
  auto tx = backend().begin(kNow);
  ASSERT_TRUE(tx);
  ASSERT_TRUE(backend().save_point());
  (*tx)->tasks.insert(task_named("b"));
  ASSERT_TRUE(backend().save_point());
  (*tx)->tasks.insert(task_named("c"));
  (*tx)->tasks.insert(task_named("a"));
  ASSERT_NE(backend().failure(), nullptr);
  backend().undo_to_save_point();
  EXPECT_EQ(backend().failure(), nullptr);
  ASSERT_TRUE(backend().save_point());
  (*tx)->tasks.insert(task_named("d"));
  ASSERT_TRUE(backend().commit());
  commit([](Tx& next) { EXPECT_THAT(tasks(next), ElementsAre("d", "b", "a")); });
}

TEST_P(TxGroup, KeepsNothingOfAGroupThatWasRolledBack) {
  EXPECT_FALSE(failure_of([](Tx& tx) { tx.tasks.insert(task_named("a")); }));
  commit([](Tx& tx) { EXPECT_THAT(tasks(tx), IsEmpty()); });
}

TEST_P(TxGroup, CommitsAGroupThatDidNothing) {
  auto tx = backend().begin(kNow);
  ASSERT_TRUE(tx);
  EXPECT_TRUE(backend().commit());
  commit([](Tx& next) { EXPECT_THAT(tasks(next), IsEmpty()); });
}

}  // namespace
}  // namespace baton::store::testing
