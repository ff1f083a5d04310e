#include "tests/unit/store/tx_suite.hpp"

namespace baton::store::testing {
namespace {

BATON_TX_SUITE(TxDependencies);

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<TaskId>& ids) {
  std::vector<std::string> found;
  for (const auto& id : ids) found.push_back(id.value);
  return found;
}

// "ab" stands for: a depends on b.
void link(Tx& tx, const std::vector<std::string>& edges) {
  for (const auto& edge : edges) tx.dependencies.insert(TaskId(edge.substr(0, 1)), TaskId(edge.substr(1)));
}

bool reaches(Tx& tx, const char* from, const char* to) { return tx.dependencies.reaches(TaskId(from), TaskId(to)); }

TEST_P(TxDependencies, KnowsBothEndsOfADependency) {
  insert({task_named("a"), task_named("b"), task_named("c")});
  commit([](Tx& tx) { link(tx, {"ab", "ac", "bc"}); });
  commit([](Tx& tx) {
    EXPECT_THAT(names(tx.dependencies.blockers_of(TaskId("a"))), ElementsAre("b", "c"));
    EXPECT_THAT(names(tx.dependencies.dependents_of(TaskId("c"))), ElementsAre("a", "b"));
    EXPECT_THAT(tx.dependencies.blockers_of(TaskId("c")), IsEmpty());
    EXPECT_THAT(tx.dependencies.dependents_of(TaskId("a")), IsEmpty());
  });
}

TEST_P(TxDependencies, SaysWhetherADependencyIsNew) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) {
    EXPECT_TRUE(tx.dependencies.insert(TaskId("a"), TaskId("b")));
    EXPECT_FALSE(tx.dependencies.insert(TaskId("a"), TaskId("b")));
    EXPECT_TRUE(tx.dependencies.insert(TaskId("b"), TaskId("a")));
  });
}

TEST_P(TxDependencies, SaysWhetherADependencyWasThereToErase) {
  insert({task_named("a"), task_named("b")});
  commit([](Tx& tx) {
    link(tx, {"ab"});
    EXPECT_FALSE(tx.dependencies.erase(TaskId("b"), TaskId("a")));
    EXPECT_TRUE(tx.dependencies.erase(TaskId("a"), TaskId("b")));
    EXPECT_FALSE(tx.dependencies.erase(TaskId("a"), TaskId("b")));
    EXPECT_THAT(tx.dependencies.blockers_of(TaskId("a")), IsEmpty());
  });
}

TEST_P(TxDependencies, ReachesAlongTheDirectionOfDependencies) {
  insert({task_named("a"), task_named("b"), task_named("c"), task_named("d")});
  commit([](Tx& tx) {
    link(tx, {"ab", "bc"});
    EXPECT_TRUE(reaches(tx, "a", "b"));
    EXPECT_TRUE(reaches(tx, "a", "c"));
    EXPECT_FALSE(reaches(tx, "c", "a"));
    EXPECT_FALSE(reaches(tx, "a", "d"));
    EXPECT_TRUE(reaches(tx, "d", "d")) << "a task reaches itself";
  });
}

TEST_P(TxDependencies, EndsASearchInARing) {
  insert({task_named("a"), task_named("b"), task_named("c"), task_named("d")});
  commit([](Tx& tx) {
    link(tx, {"ab", "bc", "ca"});
    EXPECT_TRUE(reaches(tx, "b", "a"));
    EXPECT_FALSE(reaches(tx, "a", "d"));
  });
}

// 40 diamonds in a row have 2^40 paths and 160 edges.
TEST_P(TxDependencies, SearchesEdgesAndNotPaths) {
  constexpr int kDiamonds = 40;
  const auto name = [](char kind, int i) { return std::string(1, kind) + std::to_string(i); };
  commit([&](Tx& tx) {
    tx.tasks.insert(task_named(name('m', 0)));
    for (int i = 0; i < kDiamonds; ++i) {
      const TaskId top(name('m', i));
      const TaskId bottom(name('m', i + 1));
      tx.tasks.insert(task_named(bottom.value));
      for (const char side : {'l', 'r'}) {
        const TaskId middle(name(side, i));
        tx.tasks.insert(task_named(middle.value));
        tx.dependencies.insert(top, middle);
        tx.dependencies.insert(middle, bottom);
      }
    }
    EXPECT_TRUE(reaches(tx, "m0", "m40"));
    EXPECT_FALSE(reaches(tx, "m0", "elsewhere"));
  });
}

TEST_P(TxDependencies, RefusesADependencyOnNothing) {
  insert({task_named("a")});
  EXPECT_TRUE(failure_of([](Tx& tx) { link(tx, {"ab"}); }));
  EXPECT_TRUE(failure_of([](Tx& tx) { link(tx, {"ba"}); }));
}

}  // namespace
}  // namespace baton::store::testing
