#include "plugin/handle_table.hpp"

#include <memory>
#include <set>

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

TEST(HandleTable, FindsWhatLives) {
  HandleTable<int> table(10);
  const auto one = table.insert(1), two = table.insert(2);
  EXPECT_EQ(*table.find(one), 1);
  EXPECT_EQ(*table.find(two), 2);
  EXPECT_EQ(table.handles().size(), 2u);
}

TEST(HandleTable, AHandleOfWhatHasEndedIsStaleForEver) {
  HandleTable<int> table(1);
  std::set<std::uint64_t> seen;
  for (int turn = 0; turn < 1000; ++turn) {
    const auto handle = table.insert(turn);
    EXPECT_TRUE(seen.insert(handle).second);
    EXPECT_EQ(table.take(handle), turn);
    EXPECT_EQ(table.find(handle), nullptr);
    EXPECT_EQ(table.take(handle), std::nullopt);
  }
  for (const auto handle : seen) EXPECT_EQ(table.find(handle), nullptr);
}

TEST(HandleTable, NoneAndNonsenseAreStale) {
  HandleTable<int> table(4);
  table.insert(1);
  for (const std::uint64_t handle : {0ull, 1ull, 2ull, ~0ull, 1ull << 32}) EXPECT_EQ(table.find(handle), nullptr);
}

TEST(HandleTable, IsBounded) {
  HandleTable<std::unique_ptr<int>> table(2);
  const auto first = table.insert(std::make_unique<int>(1));
  EXPECT_NE(table.insert(std::make_unique<int>(2)), 0u);
  EXPECT_EQ(table.insert(std::make_unique<int>(3)), 0u);
  table.take(first);
  EXPECT_NE(table.insert(std::make_unique<int>(4)), 0u);
}

TEST(HandleTable, TablesDoNotShareNames) {
  HandleTable<int> one(1), other(1);
  EXPECT_EQ(other.find(one.insert(1)), nullptr);
}

}  // namespace
}  // namespace baton::plugin
