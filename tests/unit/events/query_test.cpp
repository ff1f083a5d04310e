#include "events/query.hpp"

#include <filesystem>
#include <limits>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "store/sqlite/backend.hpp"
#include "store/sqlite/reader.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::events {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class QueryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    commit([](store::Tx& tx) {
      store::Task task;
      task.id = TaskId("task");
      tx.tasks.insert(task);
    });
  }

  template <class Script>
  void commit(Script script) {
    auto tx = backend_->begin(0);
    ASSERT_TRUE(tx.has_value());
    script(**tx);
    ASSERT_EQ(backend_->failure(), nullptr);
    ASSERT_TRUE(backend_->commit().has_value());
  }
  void append(std::int64_t count, const std::string& kind, const char* task = nullptr) {
    commit([&](store::Tx& tx) {
      store::Event event;
      event.id = "event";
      event.kind = kind;
      if (task != nullptr) event.task_id = TaskId(task);
      for (std::int64_t i = 0; i < count; ++i) tx.events.append(event);
    });
  }
  Page page(std::int64_t cursor, const store::EventFilter& filter = {}, std::size_t limit = 100) {
    auto read = query(*reader_, cursor, filter, limit);
    EXPECT_TRUE(read.has_value());
    return read ? std::move(*read) : Page{};
  }
  static std::vector<std::int64_t> numbers(const Page& page) {
    std::vector<std::int64_t> found;
    for (const auto& event : page.events) found.push_back(event.seq);
    return found;
  }

  test::TempDir folder_;
  std::unique_ptr<store::sqlite::SqliteBackend> backend_ =
      std::move(*store::sqlite::open_backend(folder_ / "board.db", std::make_unique<UuidSource>()));
  std::unique_ptr<store::Reader> reader_ = std::move(*store::sqlite::open_reader(folder_ / "board.db"));
};

TEST_F(QueryTest, GivesAnEmptyLastPageOfAnEmptyLog) {
  const Page empty = page(0);
  EXPECT_THAT(empty.events, IsEmpty());
  EXPECT_FALSE(empty.has_more);
  EXPECT_EQ(empty.cursor, 0);
}

TEST_F(QueryTest, GivesEveryEventOnceOverItsPages) {
  append(5, "x");
  const Page first = page(0, {}, 2);
  EXPECT_THAT(numbers(first), ElementsAre(1, 2));
  EXPECT_TRUE(first.has_more);
  const Page second = page(first.cursor, {}, 2);
  EXPECT_THAT(numbers(second), ElementsAre(3, 4));
  const Page third = page(second.cursor, {}, 2);
  EXPECT_THAT(numbers(third), ElementsAre(5));
  EXPECT_FALSE(third.has_more);
  EXPECT_EQ(third.cursor, 5);
}

TEST_F(QueryTest, KnowsThatAFullPageWasTheLast) {
  append(2, "x");
  EXPECT_FALSE(page(0, {}, 2).has_more);
}

TEST_F(QueryTest, MovesTheCursorOverWhatTheFilterDoesNotWant) {
  append(3, "x");
  const Page none = page(0, {.kinds = {"y"}});
  EXPECT_THAT(none.events, IsEmpty());
  EXPECT_EQ(none.cursor, 3);
  EXPECT_FALSE(none.has_more);
}

TEST_F(QueryTest, LooksAtABoundedPieceOfTheLog) {
  append(limits::kEventScan + 3, "x");
  append(1, "y");
  const Page first = page(0, {.kinds = {"y"}});
  EXPECT_THAT(first.events, IsEmpty());
  EXPECT_TRUE(first.has_more);
  EXPECT_EQ(first.cursor, limits::kEventScan);
  const Page second = page(first.cursor, {.kinds = {"y"}});
  EXPECT_THAT(numbers(second), ElementsAre(limits::kEventScan + 4));
  EXPECT_FALSE(second.has_more);
}

TEST_F(QueryTest, FollowsATaskPastTheEventsOfOthers) {
  append(1, "x", "task");
  append(limits::kEventScan + 3, "x");
  append(1, "x", "task");
  EXPECT_THAT(numbers(page(0, {.task_id = TaskId("task")})), ElementsAre(1, limits::kEventScan + 5));
}

TEST_F(QueryTest, LooksAtABoundedPieceOfALongTask) {
  append(limits::kEventScan + 3, "x", "task");
  const Page first = page(0, {.task_id = TaskId("task"), .kinds = {"y"}});
  EXPECT_TRUE(first.has_more);
  EXPECT_EQ(first.cursor, limits::kEventScan);
  EXPECT_THAT(numbers(page(0, {.task_id = TaskId("task")}, 2)), ElementsAre(1, 2));
}

TEST_F(QueryTest, GoesBackFromAnyCursor) {
  append(3, "x");
  const auto back = [&](std::int64_t cursor, std::int64_t down_to, std::size_t limit) {
    auto read = query_back(*reader_, cursor, down_to, {}, limit);
    EXPECT_TRUE(read.has_value());
    return read ? std::move(*read) : Page{};
  };
  const Page newest = back(std::numeric_limits<std::int64_t>::max(), 0, 2);
  EXPECT_THAT(numbers(newest), ElementsAre(3, 2));
  EXPECT_TRUE(newest.has_more);
  const Page rest = back(newest.cursor, 0, 2);
  EXPECT_THAT(numbers(rest), ElementsAre(1));
  EXPECT_FALSE(rest.has_more);
  for (const std::int64_t cursor : {std::int64_t{-5}, std::int64_t{0}, std::int64_t{1}}) {
    EXPECT_THAT(back(cursor, 0, 2).events, IsEmpty());
  }
  EXPECT_THAT(back(4, std::numeric_limits<std::int64_t>::max(), 2).events, IsEmpty());
}

TEST_F(QueryTest, StandsStrangeCursors) {
  append(2, "x");
  EXPECT_THAT(numbers(page(-5)), ElementsAre(1, 2));
  EXPECT_THAT(numbers(page(std::numeric_limits<std::int64_t>::min())), ElementsAre(1, 2));
}

TEST_F(QueryTest, TakesACursorBeyondTheEndForTheEnd) {
  append(2, "x");
  for (const std::int64_t cursor : {std::int64_t{99}, std::numeric_limits<std::int64_t>::max()}) {
    const Page beyond = page(cursor);
    EXPECT_THAT(beyond.events, IsEmpty());
    EXPECT_FALSE(beyond.has_more);
    EXPECT_EQ(beyond.cursor, 2) << "or the next events would be skipped";
  }
}

TEST_F(QueryTest, GoesOnWithWhatCameLater) {
  append(1, "x");
  const Page first = page(0);
  append(1, "y");
  EXPECT_THAT(numbers(page(first.cursor)), ElementsAre(2));
}

}  // namespace
}  // namespace baton::events
