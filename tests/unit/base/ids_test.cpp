#include "base/ids.hpp"

#include <set>

#include <gmock/gmock.h>

#include "base/clock.hpp"

namespace baton {
namespace {

using ::testing::MatchesRegex;

TEST(UuidSource, WritesVersionSeven) {
  UuidSource source;
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(source.next(), MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  }
}

TEST(UuidSource, BeginsWithTheTime) {
  UuidSource source;
  const auto before = SystemClock().unix_ms();
  std::string id = source.next();
  const auto after = SystemClock().unix_ms();
  id.erase(8, 1);
  const auto ms = static_cast<std::int64_t>(std::stoull(id.substr(0, 12), nullptr, 16));
  EXPECT_GE(ms, before);
  EXPECT_LE(ms, after);
}

// Far more than fit into one millisecond's counter.
TEST(UuidSource, GivesIdsInTheOrderOfTheirText) {
  UuidSource source;
  std::string last;
  for (int i = 0; i < 100'000; ++i) {
    auto next = source.next();
    ASSERT_LT(last, next);
    last = std::move(next);
  }
}

TEST(UuidSource, DoesNotMeetAnother) {
  UuidSource first;
  UuidSource second;
  std::set<std::string> ids;
  for (int i = 0; i < 20'000; ++i) {
    ids.insert(first.next());
    ids.insert(second.next());
  }
  EXPECT_EQ(ids.size(), 40'000U);
}

TEST(SafeIds, AreWhatAPathAndABranchMayHold) {
  UuidSource source;
  EXPECT_TRUE(is_safe_id(source.next()));
  for (const auto* id : {"a", "7", "A.b_c-d", "x..y"}) EXPECT_TRUE(is_safe_id(id)) << id;
  EXPECT_TRUE(is_safe_id(std::string(128, 'x')));
  for (const auto* id : {"", ".", "..", "-x", "_x", ".x", "a/b", "a b", "a\n", "\xC3\xA4", "a:b", "a~1"}) {
    EXPECT_FALSE(is_safe_id(id)) << id;
  }
  EXPECT_FALSE(is_safe_id(std::string(129, 'x')));
  EXPECT_FALSE(is_safe_id(std::string_view("a\0b", 3)));
}

TEST(Id, ComparesByText) {
  EXPECT_EQ(TaskId("a"), TaskId(std::string("a")));
  EXPECT_LT(TaskId("a"), TaskId("b"));
  EXPECT_TRUE(TaskId().empty());
  EXPECT_EQ(std::hash<TaskId>{}(TaskId("a")), std::hash<TaskId>{}(TaskId("a")));
}

}  // namespace
}  // namespace baton
