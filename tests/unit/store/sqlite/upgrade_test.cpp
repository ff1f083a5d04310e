// Files that an older Baton wrote, with rows in them: each step keeps what is there and fills what is new.
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite/migrations.hpp"
#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

using sqlite::Connection;
using ::testing::HasSubstr;

class UpgradeTest : public ::testing::Test {
 protected:
  // A file of version 1 with what `sql` puts into it.
  void write_version_1(const std::string& sql) {
    auto connection = connect();
    require(sqlite::migrate(*connection, sqlite::migrations().first(1)).has_value(), "no version 1");
    const auto written = connection->execute(sql);
    ASSERT_TRUE(written) << written.error().what;
  }
  std::unique_ptr<Connection> connect() {
    auto connection = Connection::open(file_, Connection::Mode::kReadWrite);
    require(connection.has_value(), "no connection");
    return std::move(*connection);
  }
  static std::string task(const std::string& id, const std::string& status) {
    return fmt::format(
        "INSERT INTO tasks (id, team_id, created_at, scheduled_by, title, status, priority, dropped, fence, "
        "unmet_blockers, cost_usd, updated_at) "
        "VALUES ('{}', 'red', 1, 'manual', 'title', '{}', 0, 0, 3, 0, 0.5, 2);",
        id, status);
  }
  template <class Script>
  void in_transaction(sqlite::SqliteBackend& backend, Script script) {
    auto tx = backend.begin(0);
    ASSERT_TRUE(tx);
    script(**tx);
    EXPECT_EQ(backend.failure(), nullptr);
    ASSERT_TRUE(backend.commit());
  }

  test::TempDir folder_;
  std::filesystem::path file_ = folder_ / "board.db";
};

TEST_F(UpgradeTest, KeepsTasksAndGivesThemNoKindAndNoLease) {
  write_version_1(task("a", "todo") + task("b", "in_progress"));
  auto backend = open_backend(file_);
  in_transaction(*backend, [](Tx& tx) {
    const auto b = tx.tasks.find(TaskId("b"));
    ASSERT_TRUE(b);
    EXPECT_EQ(b->status, TaskStatus::kInProgress);
    EXPECT_EQ(b->fence, 3);
    EXPECT_EQ(b->cost_usd, 0.5);
    EXPECT_EQ(b->kind, std::nullopt);
    EXPECT_EQ(b->lease_ms, std::nullopt);
    EXPECT_EQ(b->lease_check_at, std::nullopt);
    EXPECT_EQ(tx.tasks.list({.team_id = "red", .ready = true}, std::nullopt, 10).tasks.at(0).id, TaskId("a"));
    EXPECT_TRUE(tx.tasks.claim({TaskId("a"), "agent", {}, 1}));
  });
  EXPECT_EQ(*backend->connection().text("PRAGMA integrity_check"), "ok");
}

// What the step counted in SQL is what the appender counts.
TEST_F(UpgradeTest, MeasuresTheLogAsIfItHadBeenWrittenByThisVersion) {
  write_version_1(task("a", "todo") + R"sql(
      INSERT INTO events VALUES
        (5, 4, 'id', 7, 'kind', 'team', 'a', 'agent', 'runtime', 'trace', '{"x":1}', 'tenant'),
        (6, 5, 'é', 8, 'kind', NULL, 'a', NULL, NULL, NULL, CAST(x'7B007D' AS TEXT), NULL),
        (7, 0, '', 9, '', NULL, NULL, NULL, NULL, NULL, '{}', '');
      UPDATE tasks SET last_event_seq = 6;)sql");
  auto backend = open_backend(file_);
  in_transaction(*backend, [](Tx& tx) {
    const auto events = tx.events.after(0, {}, 10);
    ASSERT_EQ(events.size(), 3U);
    const auto bytes = tx.events.bytes();
    for (Event event : events) tx.events.append(event);
    EXPECT_EQ(tx.events.bytes(), 2 * bytes);
    EXPECT_EQ(events[0].trace_id, "trace");
    EXPECT_EQ(events[1].data, std::string("{\0}", 3));
    EXPECT_EQ(events[1].previous_seq, 5);
    EXPECT_EQ(events[2].tenant_id, "");
    EXPECT_EQ(tx.tasks.find(TaskId("a"))->last_event_seq, 9) << "it goes on from the old head";
    EXPECT_EQ(tx.events.find(8)->previous_seq, 6);
    EXPECT_EQ(tx.events.prune({.before_ms = 8}, 10), 1U);
    EXPECT_EQ(tx.events.prune({.keep_bytes = 0}, 10), 4U);
  });
  auto refused = backend->connection().execute("DELETE FROM events");
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().what, HasSubstr("the newest event stays"));
}

TEST_F(UpgradeTest, TakesAnEmptyBoardOfVersion1) {
  write_version_1("");
  auto backend = open_backend(file_);
  in_transaction(*backend, [](Tx& tx) {
    EXPECT_EQ(tx.events.bytes(), 0);
    EXPECT_EQ(tx.events.append(event_of("first")), 1);
  });
}

TEST_F(UpgradeTest, LeavesTheOldVersionWhenThereIsNoRoomForTheNewOne) {
  std::string rows = task("a", "todo");
  for (int i = 1; i <= 200; ++i) {
    rows += fmt::format("INSERT INTO events VALUES ({}, 0, 'x', 0, 'x', NULL, NULL, NULL, NULL, NULL, '{}', NULL);", i,
                        std::string(500, 'x'));
  }
  write_version_1(rows);
  auto connection = connect();
  const auto used = *connection->integer("PRAGMA page_count");
  ASSERT_TRUE(connection->execute(fmt::format("PRAGMA max_page_count = {}", used + 5)));
  const auto migrated = sqlite::migrate(*connection, sqlite::migrations());
  ASSERT_FALSE(migrated.has_value());
  EXPECT_EQ(migrated.error().code, Errc::kNoSpace);
  EXPECT_EQ(*connection->integer("PRAGMA user_version"), 1);
  EXPECT_EQ(*connection->integer("SELECT count(*) FROM events"), 200);
  EXPECT_EQ(*connection->text("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace baton::store::testing
