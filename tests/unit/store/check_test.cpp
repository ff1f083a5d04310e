// Each inconsistency is planted by hand and must be found, alone.
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/backup.hpp"
#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CheckTest : public ::testing::Test {
 protected:
  // A board on which something has happened: an owner, a dependency, a run, pruned events, posts old and recent.
  void SetUp() override {
    auto backend = open_backend(file_);
    auto tx = backend->begin(0);
    ASSERT_TRUE(tx);
    fill(**tx);
    ASSERT_EQ(backend->failure(), nullptr) << backend->failure()->what;
    ASSERT_TRUE(backend->commit());
  }
  static void fill(Tx& tx) {
    Task waiting = task_named("waiting");
    waiting.unmet_blockers = 1;
    Task done = task_named("done");
    done.status = TaskStatus::kDone;
    for (const auto& task : {waiting, done, task_named("owned"), task_named("quiet")}) tx.tasks.insert(task);
    tx.dependencies.insert(TaskId("waiting"), TaskId("owned"));
    tx.dependencies.insert(TaskId("waiting"), TaskId("done"));
    tx.tasks.claim({TaskId("owned"), "agent", {}, 1});
    Execution execution;
    execution.id = ExecutionId("run");
    execution.task_id = TaskId("owned");
    execution.lease_fence = 1;
    tx.executions.insert(execution);
    for (const auto* task : {"quiet", "owned", "owned", "waiting", "", "nobody", "owned"}) {
      tx.events.append(event_of("x", task));
    }
    tx.events.prune({.before_ms = 1, .up_to = 2}, 10);
    for (int i = 0; i < 1'500; ++i) {
      Post post;
      post.room_id = i % 2 == 0 ? "red" : "blue";
      tx.posts.append(post);
    }
  }
  // What the check finds after `sql`.
  std::vector<std::string> problems_after(const std::string& sql) {
    {
      auto connection = sqlite::Connection::open(file_, sqlite::Connection::Mode::kReadWrite);
      require(connection.has_value(), "no connection");
      const auto planted = (*connection)->execute(sql);
      EXPECT_TRUE(planted) << planted.error().what;
    }
    const auto report = check(file_);
    EXPECT_TRUE(report) << report.error().what;
    return report ? report->problems : std::vector<std::string>();
  }

  test::TempDir folder_;
  std::filesystem::path file_ = folder_ / "board.db";
};

TEST_F(CheckTest, FindsNothingOnASoundBoard) {
  const auto report = check(file_);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_THAT(report->problems, IsEmpty());
  EXPECT_EQ(report->facts.tasks, 4);
  EXPECT_EQ(report->facts.last_event, 7);
  EXPECT_FALSE(std::filesystem::exists(file_.string() + "-wal"));
}

TEST_F(CheckTest, LooksAtABoardThatIsInUse) {
  auto backend = open_backend(file_);
  auto tx = backend->begin(0);
  ASSERT_TRUE(tx);
  (*tx)->events.append(event_of("x"));
  const auto report = check(file_);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->facts.last_event, 7);
  EXPECT_TRUE(backend->commit());
}

TEST_F(CheckTest, FindsMiscountedBlockers) {
  EXPECT_THAT(problems_after("UPDATE tasks SET unmet_blockers = 2 WHERE id = 'waiting'"),
              ElementsAre("task waiting counts 2 blockers that are not done, it has 1"));
  EXPECT_THAT(problems_after("UPDATE tasks SET unmet_blockers = 1 WHERE id IN ('waiting', 'done')"),
              ElementsAre("task done counts 1 blockers that are not done, it has 0"));
}

TEST_F(CheckTest, FindsOwnersThatCannotBe) {
  EXPECT_THAT(problems_after("UPDATE tasks SET status = 'todo' WHERE id = 'owned'"),
              ElementsAre("task owned is todo and has the owner agent"));
  EXPECT_THAT(problems_after("UPDATE tasks SET status = 'in_review', fence = 0 WHERE id = 'owned'"),
              ElementsAre("task owned has the owner agent and no fence",
                          "execution run holds fence 1 of task owned, which is at 0"));
}

TEST_F(CheckTest, FindsHolesInTheLog) {
  EXPECT_THAT(problems_after("DELETE FROM events WHERE seq = 5; UPDATE events SET log_end = log_end + 8 WHERE seq < 5"),
              ElementsAre("event 6 follows event 4 in the log"))
      << "an event of no task";
}

TEST_F(CheckTest, FindsAForeignLinkInATasksHistory) {
  EXPECT_THAT(problems_after("UPDATE events SET previous_seq = 4 WHERE seq = 7"),
              ElementsAre("event 7 of task owned names event 4 as the one before it, not 3"));
  EXPECT_THAT(problems_after("UPDATE events SET previous_seq = 3 WHERE seq IN (4, 7)"),
              ElementsAre("event 4 of task waiting names event 3 as the one before it, not 0"));
}

TEST_F(CheckTest, FindsAWrongHeadOfATasksHistory) {
  EXPECT_THAT(problems_after("UPDATE tasks SET last_event_seq = 3 WHERE id = 'owned'"),
              ElementsAre("task owned names event 3 as its newest, not 7"));
  EXPECT_THAT(problems_after("UPDATE tasks SET last_event_seq = 7 WHERE id IN ('owned', 'quiet')"),
              ElementsAre("task quiet names event 7 as its newest, not 0"));
}

TEST_F(CheckTest, FindsAMiscountedLog) {
  EXPECT_THAT(problems_after("UPDATE events SET log_end = log_end + 1 WHERE seq >= 6"),
              ElementsAre(HasSubstr("event 6 holds ")));
}

TEST_F(CheckTest, FindsHolesInARoom) {
  EXPECT_THAT(problems_after("DELETE FROM team_chat WHERE room_id = 'red' AND seq = 100"),
              ElementsAre("post 101 follows post 99 in room red"));
  EXPECT_THAT(problems_after("UPDATE team_chat_recent SET seq = 1 WHERE room_id = 'blue' AND seq = 750"),
              ElementsAre("post 1 follows post 1 in room blue", "post 101 follows post 99 in room red"));
}

TEST_F(CheckTest, FindsRowsOfTasksThatAreNotThere) {
  EXPECT_THAT(problems_after("PRAGMA foreign_keys = OFF; UPDATE execution_processes SET task_id = 'nobody'"),
              ElementsAre("row 1 of execution_processes refers to a row of tasks that is not there"));
}

TEST_F(CheckTest, FindsRowsThatTheSchemaForbids) {
  EXPECT_THAT(
      problems_after("PRAGMA ignore_check_constraints = ON; UPDATE tasks SET status = 'odd' WHERE id = 'quiet'"),
      ElementsAre(HasSubstr("CHECK constraint failed in tasks")));
}

TEST_F(CheckTest, FindsAnIndexThatLacksARow) {
  EXPECT_THAT(problems_after("PRAGMA writable_schema = ON;"
                             "UPDATE sqlite_schema SET sql = replace(sql, 'dropped = 0', 'dropped = 1') "
                             "WHERE name = 'tasks_ready'"),
              Not(IsEmpty()));
}

TEST_F(CheckTest, NamesAHundredProblemsAtMost) {
  EXPECT_THAT(problems_after("UPDATE events SET log_end = 0; DELETE FROM team_chat WHERE seq % 2 = 0").size(), 100U);
}

TEST_F(CheckTest, FindsDamagedPages) {
  const auto size = std::filesystem::file_size(file_);
  std::fstream out(file_, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(size / 2 / 4096 * 4096));
  out << std::string(4096, '\x5A');
  out.close();
  const auto report = check(file_);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_THAT(report->problems, Not(IsEmpty()));
}

TEST_F(CheckTest, RefusesWhatIsNoBoard) {
  EXPECT_EQ(check(folder_ / "missing.db").error().code, Errc::kNotFound);
  test::write_file(folder_ / "notes.db", "notes");
  EXPECT_EQ(check(folder_ / "notes.db").error().code, Errc::kIo);
  test::write_file(folder_ / "empty.db", "");
  EXPECT_EQ(check(folder_ / "empty.db").error().code, Errc::kConflict);
}

}  // namespace
}  // namespace baton::store::testing
