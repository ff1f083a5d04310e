#include "store/sqlite/migrations.hpp"

#include <array>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

using sqlite::Connection;
using ::testing::HasSubstr;

class MigrationsTest : public ::testing::Test {
 protected:
  std::unique_ptr<Connection> connect() {
    auto connection = Connection::open(file_, Connection::Mode::kReadWrite);
    require(connection.has_value(), "no connection");
    return std::move(*connection);
  }
  Result<std::unique_ptr<sqlite::SqliteBackend>> open() {
    return sqlite::open_backend(file_, std::make_unique<CountingIds>());
  }
  // The refusal with which the daemon meets this file, which stays as it is.
  Error refusal() {
    const std::string before = test::read_file(file_);
    auto opened = open();
    EXPECT_FALSE(opened.has_value());
    EXPECT_EQ(test::read_file(file_), before);
    EXPECT_FALSE(std::filesystem::exists(file_.string() + "-wal"));
    return opened ? Error{} : opened.error();
  }

  test::TempDir folder_;
  std::filesystem::path file_ = folder_ / "board.db";
};

TEST_F(MigrationsTest, BringsANewFileToTheNewestVersion) {
  ASSERT_TRUE(open());
  auto connection = connect();
  EXPECT_EQ(*connection->integer("PRAGMA user_version"), static_cast<std::int64_t>(sqlite::migrations().size()));
  EXPECT_EQ(*connection->integer("PRAGMA application_id"), sqlite::kApplicationId);
  EXPECT_EQ(*connection->text("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(*connection->text("PRAGMA integrity_check"), "ok");
}

TEST_F(MigrationsTest, TakesAnEmptyFileForANewOne) {
  test::write_file(file_, "");
  EXPECT_TRUE(open());
}

TEST_F(MigrationsTest, LeavesAFileThatIsUpToDateAsItIs) {
  ASSERT_TRUE(open());
  const std::string before = test::read_file(file_);
  ASSERT_TRUE(open());
  EXPECT_EQ(test::read_file(file_), before);
}

TEST_F(MigrationsTest, GoesForwardFromWhereTheFileIs) {
  constexpr std::array kFirst = {"CREATE TABLE a (x)"};
  constexpr std::array kBoth = {"CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y; INSERT INTO a VALUES (1, 2)"};
  auto connection = connect();
  ASSERT_TRUE(sqlite::migrate(*connection, kFirst));
  EXPECT_EQ(*connection->integer("PRAGMA user_version"), 1);
  ASSERT_TRUE(sqlite::migrate(*connection, kBoth));
  EXPECT_EQ(*connection->integer("PRAGMA user_version"), 2);
  EXPECT_EQ(*connection->integer("SELECT y FROM a"), 2);
}

TEST_F(MigrationsTest, KeepsTheOldVersionWhenAStepFails) {
  constexpr std::array kBroken = {"CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)"};
  auto connection = connect();
  auto migrated = sqlite::migrate(*connection, kBroken);
  ASSERT_FALSE(migrated.has_value());
  EXPECT_THAT(migrated.error().what, HasSubstr("nowhere"));
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_EQ(*connection->integer("PRAGMA user_version"), 1);
  EXPECT_EQ(*connection->integer("SELECT count(*) FROM sqlite_schema"), 1) << "half of a step stayed";
}

TEST_F(MigrationsTest, SaysWithoutListsWhichStatusesThereAre) {
  ASSERT_TRUE(open());
  auto connection = connect();
  EXPECT_EQ(*connection->integer("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%status IN (''backlog''%' "
                                 "OR sql LIKE '%status IN (''running''%'"),
            0);
  EXPECT_EQ(*connection->integer("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%CHECK (status = %'"), 2);
  EXPECT_EQ(*connection->text("PRAGMA integrity_check"), "ok");
}

TEST_F(MigrationsTest, HoldsStatusesToTheirWords) {
  ASSERT_TRUE(open());
  auto connection = connect();
  const auto insert = [&](const std::string& id, const std::string& status) {
    return connection->execute(
        "INSERT INTO tasks (id, created_at, scheduled_by, title, status, priority, dropped, fence, unmet_blockers, "
        "cost_usd, updated_at) VALUES ('" +
        id + "', 0, 'user', 't', '" + status + "', 0, 0, 0, 0, 0, 0)");
  };
  for (const char* status : {"backlog", "todo", "in_progress", "in_review", "blocked", "done", "cancelled"}) {
    EXPECT_TRUE(insert(status, status)) << status;
  }
  const auto run = [&](const std::string& status) {
    return connection->execute(
        "INSERT INTO execution_processes (id, task_id, created_at, executor_type, status, claimed_at, started_at, "
        "recovery_tombstone) VALUES ('" +
        status + "', 'todo', 0, 'codex', '" + status + "', 0, 0, 0)");
  };
  for (const char* status : {"running", "succeeded", "failed", "timed_out", "cancelled"}) {
    EXPECT_TRUE(run(status)) << status;
  }
  EXPECT_FALSE(run("done"));
  EXPECT_FALSE(insert("x", "ready"));
  EXPECT_FALSE(insert("y", ""));
}

TEST_F(MigrationsTest, RefusesAFileOfANewerBaton) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(connect()->execute("PRAGMA journal_mode = DELETE; PRAGMA user_version = 999"));
  const Error error = refusal();
  EXPECT_EQ(error.code, Errc::kConflict);
  EXPECT_THAT(error.what, HasSubstr(file_.string()));
  EXPECT_THAT(error.what, HasSubstr("version 999"));
  EXPECT_THAT(error.what, HasSubstr("up to " + std::to_string(sqlite::migrations().size())));
}

TEST_F(MigrationsTest, RefusesWhatIsNotADatabase) {
  for (const std::string& garbage : {std::string("garbage"), std::string(8192, 'x'), std::string(8192, '\0')}) {
    test::write_file(file_, garbage);
    const Error error = refusal();
    EXPECT_EQ(error.code, Errc::kIo);
    EXPECT_EQ(error.what, file_.string() + " is not a database");
  }
}

TEST_F(MigrationsTest, RefusesADatabaseOfAnotherProgram) {
  ASSERT_TRUE(connect()->execute("CREATE TABLE other (x); PRAGMA user_version = 1"));
  EXPECT_EQ(refusal().code, Errc::kConflict);
  std::filesystem::remove(file_);
  ASSERT_TRUE(connect()->execute("CREATE TABLE other (x)"));
  const Error error = refusal();
  EXPECT_EQ(error.code, Errc::kConflict);
  EXPECT_THAT(error.what, HasSubstr("another program"));
}

TEST_F(MigrationsTest, ReportsADamagedFile) {
  ASSERT_TRUE(open());
  std::fstream out(file_, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(100);  // the page that lists the tables, behind the file's header
  out << std::string(3996, '\x5A');
  out.close();
  auto opened = open();
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, Errc::kIo);
  EXPECT_THAT(opened.error().what, HasSubstr("damaged"));
}

TEST_F(MigrationsTest, ReportsALockThatSomebodyElseHolds) {
  ASSERT_TRUE(open());
  auto other = connect();
  ASSERT_TRUE(other->execute("BEGIN EXCLUSIVE"));
  auto connection = connect();
  auto refused = connection->execute("BEGIN IMMEDIATE");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::kUnavailable);
}

}  // namespace
}  // namespace baton::store::testing
