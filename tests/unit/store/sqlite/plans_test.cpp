// The plans of what runs often, as SQLite makes them: a change of schema or SQL that turns a search into a scan fails
// here.
#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kById = "SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (id=?)";

// What SQLite is asked while it lives.
class StatementTrace {
 public:
  explicit StatementTrace(sqlite3* database) : database_(database) {
    ::sqlite3_trace_v2(database_, SQLITE_TRACE_STMT, &StatementTrace::note, this);
  }
  ~StatementTrace() { ::sqlite3_trace_v2(database_, 0, nullptr, nullptr); }
  StatementTrace(const StatementTrace&) = delete;
  StatementTrace& operator=(const StatementTrace&) = delete;

  const std::vector<std::string>& statements() const { return statements_; }

 private:
  static int note(unsigned, void* self, void* statement, void*) {
    static_cast<StatementTrace*>(self)->statements_.emplace_back(::sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
    return 0;
  }

  sqlite3* database_;
  std::vector<std::string> statements_;
};

class PlansTest : public ::testing::Test {
 protected:
  // The plan of every statement that `script` runs.
  template <class Script>
  std::vector<std::string> plans(Script script) {
    std::vector<std::string> statements;
    auto tx = backend_->begin(0);
    require(tx.has_value(), "no transaction");
    {
      const StatementTrace trace(backend_->connection().handle());
      script(**tx);
      statements = trace.statements();
    }
    EXPECT_EQ(backend_->failure(), nullptr);
    backend_->roll_back();
    std::vector<std::string> found;
    for (const auto& sql : statements) found.push_back(plan(sql));
    return found;
  }
  std::vector<std::string> plans_of_list(const TaskFilter& filter, std::optional<TaskCursor> after = std::nullopt) {
    return plans([&](Tx& tx) { tx.tasks.list(filter, after, 10); });
  }

 private:
  std::string plan(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    const std::string question = "EXPLAIN QUERY PLAN " + sql;
    ::sqlite3_prepare_v2(backend_->connection().handle(), question.c_str(), -1, &statement, nullptr);
    std::string lines;
    while (::sqlite3_step(statement) == SQLITE_ROW) {
      if (!lines.empty()) lines += "; ";
      lines += reinterpret_cast<const char*>(::sqlite3_column_text(statement, 3));
    }
    ::sqlite3_finalize(statement);
    return lines;
  }

  test::TempDir folder_;
  std::unique_ptr<sqlite::SqliteBackend> backend_ = open_backend(folder_ / "board.db");
};

TEST_F(PlansTest, AClaimThatIsRefusedIsOneSearchById) {
  EXPECT_THAT(plans([](Tx& tx) { tx.tasks.claim({TaskId("a"), "agent", {}, 1}); }), ElementsAre(kById));
}

TEST_F(PlansTest, AClaimThatWinsIsTwo) {
  EXPECT_THAT(plans([](Tx& tx) {
                tx.tasks.insert(task_named("a"));
                tx.tasks.claim({TaskId("a"), "agent", {}, 1});
              }),
              ElementsAre("", kById, kById));
}

TEST_F(PlansTest, AClaimWithALeaseOfItsOwnIsThree) {
  EXPECT_THAT(plans([](Tx& tx) {
                tx.tasks.insert(task_named("a"));
                const TaskId a("a");
                ClaimUpdate update{a, "agent", {}, 1};
                update.lease_check_at = 1;
                tx.tasks.claim(update);
              }),
              ElementsAre("", kById, kById, kById));
}

TEST_F(PlansTest, LeasesThatAreDueComeFromTheirPartialIndex) {
  EXPECT_THAT(plans([](Tx& tx) { tx.tasks.lease_due(1, 10); }),
              ElementsAre("SEARCH tasks USING INDEX tasks_leases (lease_check_at<?)"));
}

TEST_F(PlansTest, FindIsOneSearchById) {
  EXPECT_THAT(plans([](Tx& tx) { tx.tasks.find(TaskId("a")); }), ElementsAre(kById));
}

TEST_F(PlansTest, SaveSearchesById) {
  EXPECT_THAT(plans([](Tx& tx) {
                tx.tasks.insert(task_named("a"));
                tx.tasks.save(task_named("a"));
              }),
              Contains(kById).Times(3));
}

TEST_F(PlansTest, ReadyListWalksItsIndexInOrder) {
  EXPECT_THAT(plans_of_list({.ready = true}), ElementsAre("SEARCH tasks USING INDEX tasks_ready (priority<?)"));
  EXPECT_THAT(plans_of_list({.ready = true}, TaskCursor{1, 2}),
              ElementsAre("SEARCH tasks USING INDEX tasks_ready (priority=? AND rowid>?)",
                          "SEARCH tasks USING INDEX tasks_ready (priority<?)"));
}

TEST_F(PlansTest, ReadyListOfSomeKindsIsTheSameWalk) {
  EXPECT_THAT(plans_of_list({.ready = true, .kinds = {"review", "docs"}}),
              ElementsAre("SEARCH tasks USING INDEX tasks_ready (priority<?)"));
}

TEST_F(PlansTest, ReadyListOfATeamWalksItsIndexInOrder) {
  EXPECT_THAT(plans_of_list({.team_id = "red", .ready = true}),
              ElementsAre("SEARCH tasks USING INDEX tasks_ready_of_team (team_id=? AND priority<?)"));
  EXPECT_THAT(plans_of_list({.team_id = "red", .ready = true}, TaskCursor{1, 2}),
              ElementsAre("SEARCH tasks USING INDEX tasks_ready_of_team (team_id=? AND priority=? AND rowid>?)",
                          "SEARCH tasks USING INDEX tasks_ready_of_team (team_id=? AND priority<?)"));
}

TEST_F(PlansTest, ListWalksTheTableBackwards) {
  EXPECT_THAT(plans_of_list({}), ElementsAre("SEARCH tasks USING INTEGER PRIMARY KEY (rowid<?)"));
  EXPECT_THAT(plans_of_list({.status = TaskStatus::kDone}),
              ElementsAre("SEARCH tasks USING INTEGER PRIMARY KEY (rowid<?)"));
}

TEST_F(PlansTest, ListOfATeamWalksItsIndex) {
  EXPECT_THAT(plans_of_list({.team_id = "red"}),
              ElementsAre("SEARCH tasks USING INDEX tasks_of_team (team_id=? AND rowid<?)"));
}

TEST_F(PlansTest, EventsAreFoundByNumber) {
  EXPECT_THAT(plans([](Tx& tx) { tx.events.after(0, {.kinds = {"cost"}}, 10); }),
              ElementsAre("SEARCH events USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"));
}

TEST_F(PlansTest, AnEventIsFoundByItsNumber) {
  EXPECT_THAT(plans([](Tx& tx) { tx.events.find(1); }),
              ElementsAre("SEARCH events USING INTEGER PRIMARY KEY (rowid=?)"));
}

// The "scans" begin at an end of the table and read one row.
TEST_F(PlansTest, TheLogIsMeasuredAtItsEndsAndPrunedFromTheOldest) {
  const auto found = plans([](Tx& tx) {
    tx.events.append(event_of("x"));
    tx.events.append(event_of("x"));
    tx.events.bytes();
    tx.events.prune({.before_ms = 1}, 10);
  });
  EXPECT_THAT(found,
              ElementsAre("", "", "SCAN events", "SCAN events", "SEARCH events USING INTEGER PRIMARY KEY (rowid<?)",
                          "SEARCH events USING INTEGER PRIMARY KEY (rowid<?)", _));
}

TEST_F(PlansTest, ARoomIsOneStretchOfItsTableAndWhatIsRecent) {
  EXPECT_THAT(plans([](Tx& tx) { tx.posts.after("red", 5, 10); }),
              ElementsAre("SEARCH team_chat USING PRIMARY KEY (room_id=? AND seq>?)", "SCAN team_chat_recent"));
}

TEST_F(PlansTest, APostLooksForTheEndOfItsRoom) {
  Post post;
  post.room_id = "red";
  plans([&](Tx& tx) { tx.posts.append(post); });
  EXPECT_THAT(plans([&](Tx& tx) {
                tx.posts.append(post);
                tx.posts.append(post);
              }),
              ElementsAre("SCAN team_chat_recent", "SEARCH team_chat USING PRIMARY KEY (room_id=?)", "", ""))
      << "what is recent is looked through once, then known";
}

TEST_F(PlansTest, KeptAnswersAreFoundByKeyAndPrunedFromTheOldest) {
  EXPECT_THAT(plans([](Tx& tx) {
                tx.kept_answers.insert({.key = "a", .request = "", .answer = {}, .created_at = 0});
                tx.kept_answers.find("a");
                tx.kept_answers.erase("a");
              }),
              ElementsAre("", "SEARCH idempotency_keys USING INDEX sqlite_autoindex_idempotency_keys_1 (key=?)",
                          "SEARCH idempotency_keys USING INDEX sqlite_autoindex_idempotency_keys_1 (key=?)"));
  EXPECT_THAT(plans([](Tx& tx) { tx.kept_answers.prune(1, 10); }),
              ElementsAre(AllOf(HasSubstr("SEARCH idempotency_keys USING INTEGER PRIMARY KEY (rowid=?)"),
                                Not(HasSubstr("TEMP B-TREE")))));
}

TEST_F(PlansTest, NothingThatAScriptDoesScansOrSorts) {
  const auto found = plans([](Tx& tx) {
    const TaskId a("a");
    tx.tasks.insert(task_named("a"));
    tx.tasks.insert(task_named("b"));
    tx.tasks.ancestors(a, 5);
    Comment comment;
    comment.task_id = a;
    tx.comments.insert(comment);
    tx.comments.of_task(a);
    Execution execution;
    execution.task_id = a;
    tx.executions.insert(execution);
    tx.executions.save(execution);
    tx.executions.find(execution.id);
    tx.executions.of_task(a);
    Workspace workspace;
    workspace.task_id = a;
    tx.workspaces.insert(workspace);
    tx.workspaces.save(workspace);
    tx.workspaces.newest_of(a);
    tx.dependencies.insert(a, TaskId("b"));
    tx.dependencies.blockers_of(a);
    tx.dependencies.dependents_of(a);
    tx.dependencies.erase(a, TaskId("b"));
    tx.events.append(event_of("x", "a"));
    tx.events.of_task(0, {.task_id = a}, 5);
    tx.events.before(9, 0, {.task_id = a}, 5);
    tx.events.last_before(1);
    tx.comments.newest_of(a, {});
    tx.executions.newest_of(a, 7);
    tx.marks.set("x", 1);
    tx.marks.get("x");
  });
  EXPECT_GT(found.size(), 20U);
  EXPECT_THAT(found, Not(Contains(HasSubstr("SCAN"))));
  EXPECT_THAT(found, Not(Contains(HasSubstr("TEMP B-TREE"))));
}

TEST_F(PlansTest, LeasedRunsComeFromTheirPartialIndex) {
  EXPECT_THAT(plans([](Tx& tx) { tx.executions.leased(); }),
              ElementsAre(HasSubstr("execution_processes USING INDEX execution_processes_leased")));
}

TEST_F(PlansTest, TheRunOfATaskIsOneSearchAmongWhatRuns) {
  EXPECT_THAT(plans([](Tx& tx) { tx.executions.leased_at(TaskId("a"), 1); }),
              ElementsAre("SEARCH execution_processes USING INDEX execution_processes_leased (lease_fence=?)"));
  EXPECT_THAT(plans([](Tx& tx) { tx.executions.running_of(TaskId("a")); }),
              ElementsAre("SEARCH execution_processes USING INDEX execution_processes_of_task (task_id=?)"));
}

TEST_F(PlansTest, ReachingSearchesEdgesFromTaskToTask) {
  EXPECT_THAT(plans([](Tx& tx) { tx.dependencies.reaches(TaskId("a"), TaskId("b")); }),
              ElementsAre(AllOf(HasSubstr("SEARCH task_deps USING PRIMARY KEY (task_id=?)"),
                                Not(HasSubstr("SCAN task_deps")))));
}

}  // namespace
}  // namespace baton::store::testing
