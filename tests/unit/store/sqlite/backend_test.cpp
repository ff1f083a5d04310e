// What only a real database can do: run out of room, forget nothing, stay within its rules.
#include "store/sqlite/backend.hpp"

#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/writer.hpp"
#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

using ::testing::HasSubstr;

class SqliteBackendTest : public ::testing::Test {
 protected:
  template <class Script>
  Result<Unit> commit(Script script) {
    auto tx = backend_->begin(0);
    if (!tx) return fail(tx);
    if (auto placed = backend_->save_point(); !placed) return placed;
    script(**tx);
    if (const Error* failed = backend_->failure()) {
      auto answer = fail(*failed);
      backend_->undo_to_save_point();
      backend_->roll_back();
      return answer;
    }
    return backend_->commit();
  }
  void reopen() {
    backend_.reset();
    backend_ = open_backend(file_);
  }
  // As if the disk had no more room than what is in use plus `pages`.
  void leave_room_for(std::int64_t pages) {
    const auto used = *backend_->connection().integer("PRAGMA page_count");
    ASSERT_TRUE(backend_->connection().execute(fmt::format("PRAGMA max_page_count = {}", used + pages)));
  }
  std::int64_t count(const char* table) {
    return *backend_->connection().integer(fmt::format("SELECT count(*) FROM {}", table));
  }
  static Task large_task(std::string_view id) {
    Task task = task_named(id);
    task.description = std::string(100'000, 'x');
    return task;
  }

  test::TempDir folder_;
  std::filesystem::path file_ = folder_ / "board.db";
  std::unique_ptr<sqlite::SqliteBackend> backend_ = open_backend(file_);
};

TEST_F(SqliteBackendTest, SaysThatTheDiskIsFullAndAppliesNothing) {
  leave_room_for(0);
  auto refused = commit([](Tx& tx) {
    tx.tasks.insert(task_named("small"));
    tx.tasks.insert(large_task("large"));
    tx.events.append(event_of("task_created", "large"));
    EXPECT_FALSE(tx.tasks.find(TaskId("small"))) << "nothing is found after the failure";
  });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::kNoSpace);
  EXPECT_THAT(refused.error().what, HasSubstr(file_.string()));
  EXPECT_EQ(count("tasks"), 0);
  EXPECT_EQ(count("events"), 0);
}

TEST_F(SqliteBackendTest, GoesOnWhenThereIsRoomAgain) {
  leave_room_for(0);
  ASSERT_FALSE(commit([](Tx& tx) { tx.tasks.insert(large_task("a")); }));
  auto read = commit([](Tx& tx) { EXPECT_FALSE(tx.tasks.find(TaskId("a"))); });
  EXPECT_TRUE(read) << "reads go on";
  leave_room_for(1000);
  ASSERT_TRUE(commit([](Tx& tx) {
    tx.tasks.insert(large_task("a"));
    EXPECT_EQ(tx.events.append(event_of("task_created", "a")), 1);
  }));
  EXPECT_EQ(count("tasks"), 1);
}

TEST_F(SqliteBackendTest, LosesTheGroupToAFullDiskWhateverWasBefore) {
  leave_room_for(0);
  auto tx = backend_->begin(0);
  ASSERT_TRUE(tx);
  ASSERT_TRUE(backend_->save_point());
  (*tx)->tasks.insert(task_named("small"));
  ASSERT_EQ(backend_->failure(), nullptr);
  ASSERT_TRUE(backend_->save_point());
  (*tx)->tasks.insert(large_task("large"));
  backend_->undo_to_save_point();
  ASSERT_NE(backend_->failure(), nullptr) << "a full disk is not one script's failure";
  backend_->roll_back();
  EXPECT_EQ(count("tasks"), 0);
}

TEST_F(SqliteBackendTest, CountsEventsOnAfterARestart) {
  ASSERT_TRUE(commit([](Tx& tx) { tx.events.append(event_of("a")); }));
  reopen();
  ASSERT_TRUE(commit([](Tx& tx) { EXPECT_EQ(tx.events.append(event_of("b")), 2); }));
}

TEST_F(SqliteBackendTest, NeverGivesTheNumberOfAPrunedEventAgain) {
  ASSERT_TRUE(commit([](Tx& tx) {
    for (int i = 0; i < 5; ++i) tx.events.append(event_of("x"));
  }));
  ASSERT_TRUE(backend_->connection().execute("DELETE FROM events WHERE seq < 5"));
  auto refused = backend_->connection().execute("DELETE FROM events");
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().what, HasSubstr("the newest event stays"));
  reopen();
  ASSERT_TRUE(commit([](Tx& tx) { EXPECT_EQ(tx.events.append(event_of("x")), 6); }));
}

TEST_F(SqliteBackendTest, EndsAChainWhereItsPastWasPruned) {
  ASSERT_TRUE(commit([](Tx& tx) {
    tx.tasks.insert(task_named("a"));
    for (int i = 0; i < 4; ++i) tx.events.append(event_of("x", "a"));
  }));
  ASSERT_TRUE(backend_->connection().execute("DELETE FROM events WHERE seq <= 2"));
  ASSERT_TRUE(commit([](Tx& tx) {
    const auto events = tx.events.after(0, {.task_id = TaskId("a")}, 10);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].seq, 3);
  }));
}

TEST_F(SqliteBackendTest, ReportsAStatusThatNobodyKnows) {
  ASSERT_TRUE(commit([](Tx& tx) { tx.tasks.insert(task_named("a")); }));
  ASSERT_TRUE(backend_->connection().execute("PRAGMA ignore_check_constraints = ON; UPDATE tasks SET status = 'odd'"));
  auto read = commit([](Tx& tx) { tx.tasks.find(TaskId("a")); });
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, Errc::kIo);
  EXPECT_THAT(read.error().what, HasSubstr("'odd'"));
}

TEST_F(SqliteBackendTest, KeepsImpossibleRowsOut) {
  const auto refuses = [&](const char* sql) { return !backend_->connection().execute(sql).has_value(); };
  ASSERT_TRUE(commit([](Tx& tx) { tx.tasks.insert(task_named("a")); }));
  EXPECT_TRUE(refuses("UPDATE tasks SET status = 'odd'"));
  EXPECT_TRUE(refuses("UPDATE tasks SET dropped = 2"));
  EXPECT_TRUE(refuses("UPDATE tasks SET unmet_blockers = -1"));
  EXPECT_TRUE(refuses("UPDATE tasks SET priority = 'high'"));
  EXPECT_TRUE(refuses("INSERT INTO events (seq, previous_seq, id, ts, kind, data) VALUES (7, 7, 'x', 0, 'x', '{}')"));
}

// Feasibility Q2: what a claim costs is the pages that its transaction writes to the log.
TEST_F(SqliteBackendTest, WritesFewPagesForAClaim) {
  ASSERT_TRUE(commit([](Tx& tx) {
    for (int i = 0; i < 2'000; ++i) {
      Task task = task_named(fmt::format("0190{:032}", i));
      task.team_id = fmt::format("team-{}", i % 16);
      tx.tasks.insert(task);
      tx.events.append(event_of("task_created", task.id.value));
    }
  }));
  const auto pages_of_log = [&] { return std::filesystem::file_size(file_.string() + "-wal") / 4096; };
  ASSERT_TRUE(backend_->connection().text("PRAGMA wal_checkpoint(TRUNCATE)"));
  ASSERT_TRUE(commit([](Tx& tx) {
    ASSERT_TRUE(tx.tasks.claim({TaskId(fmt::format("0190{:032}", 1'000)), "agent", {}, 1}));
    tx.events.append(event_of("task_claimed", fmt::format("0190{:032}", 1'000)));
  }));
  EXPECT_LE(pages_of_log(), 4U) << "the task, its two places in ready lists, the event";
}

TEST_F(SqliteBackendTest, WritesNothingForALosingClaim) {
  ASSERT_TRUE(commit([](Tx& tx) { tx.tasks.insert(task_named("a")); }));
  ASSERT_TRUE(commit([](Tx& tx) { tx.tasks.claim({TaskId("a"), "first", {}, 1}); }));
  const auto size = std::filesystem::file_size(file_.string() + "-wal");
  ASSERT_TRUE(commit([](Tx& tx) { EXPECT_FALSE(tx.tasks.claim({TaskId("a"), "second", {}, 1})); }));
  EXPECT_EQ(std::filesystem::file_size(file_.string() + "-wal"), size);
}

TEST_F(SqliteBackendTest, LosesNothingThatWasCommittedWhenTheProcessDies) {
  ASSERT_TRUE(commit([](Tx& tx) { tx.tasks.insert(task_named("a")); }));
  ASSERT_TRUE(backend_->begin(0));  // a transaction that never ends
  const auto copy = folder_ / "copy.db";
  for (const auto* suffix : {"", "-wal"}) {
    std::filesystem::copy_file(file_.string() + suffix, copy.string() + suffix);
  }
  backend_->roll_back();
  auto other = open_backend(copy);
  EXPECT_EQ(*other->connection().integer("SELECT count(*) FROM tasks"), 1);
}

}  // namespace
}  // namespace baton::store::testing
