#include "store/sqlite/statement.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace baton::store::sqlite {
namespace {

class StatementTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(connection_->execute("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'one'), (2, 'two')"));
  }

  test::TempDir folder_;
  std::unique_ptr<Connection> connection_ =
      std::move(*Connection::open(folder_ / "some.db", Connection::Mode::kReadWrite));
};

TEST_F(StatementTest, GoesThroughItsRows) {
  Statement all(*connection_, "SELECT a, b FROM t ORDER BY a");
  auto run = all.run();
  ASSERT_TRUE(run.next());
  EXPECT_EQ(run.integer(0), 1);
  EXPECT_EQ(run.text(1), "one");
  ASSERT_TRUE(run.next());
  EXPECT_EQ(run.text(1), "two");
  EXPECT_FALSE(run.next());
  EXPECT_FALSE(run.next()) << "an ended run does not begin anew";
}

TEST_F(StatementTest, RunsAgainAfterARunThatWasNotFinished) {
  Statement find(*connection_, "SELECT b FROM t WHERE a >= ? ORDER BY a");
  { EXPECT_TRUE(find.run(1).next()); }
  auto run = find.run(2);
  ASSERT_TRUE(run.next());
  EXPECT_EQ(run.text(0), "two");
}

TEST_F(StatementTest, BindsAndReadsEveryKindOfValue) {
  Statement echo(*connection_, "SELECT ?, ?, ?, ?, ?, ?, ?");
  const std::string text("a\0b", 3);
  const TaskId given_id("id");
  const std::optional<std::string> absent;
  const std::optional<std::int64_t> present = std::numeric_limits<std::int64_t>::min();
  auto run = echo.run(text, 2.5, true, absent, present, given_id, TaskStatus::kInReview);
  ASSERT_TRUE(run.next());
  auto columns = run.columns();
  std::string read_text;
  double real = 0;
  bool truth = false;
  std::optional<std::string> read_absent = "something";
  std::optional<std::int64_t> read_present;
  TaskId id;
  TaskStatus status{};
  columns(read_text);
  columns(real);
  columns(truth);
  columns(read_absent);
  columns(read_present);
  columns(id);
  columns(status);
  EXPECT_EQ(read_text, text);
  EXPECT_EQ(real, 2.5);
  EXPECT_TRUE(truth);
  EXPECT_EQ(read_absent, std::nullopt);
  EXPECT_EQ(read_present, present);
  EXPECT_EQ(id, given_id);
  EXPECT_EQ(status, TaskStatus::kInReview);
}

TEST_F(StatementTest, CountsWhatItChanged) {
  Statement update(*connection_, "UPDATE t SET b = ? WHERE a >= ?");
  const std::string text = "x";
  EXPECT_EQ(update.run(text, 1).finish(), 2);
  EXPECT_EQ(update.run(text, 9).finish(), 0);
}

TEST_F(StatementTest, KeepsTheFirstFailureAndDoesNothingAfterIt) {
  Statement wrong(*connection_, "SELECT * FROM nowhere");
  Statement also_wrong(*connection_, "SELECT * FROM neither");
  Statement insert(*connection_, "INSERT INTO t VALUES (3, 'three')");
  EXPECT_FALSE(wrong.run().next());
  EXPECT_FALSE(also_wrong.run().next());
  EXPECT_EQ(insert.run().finish(), 0);
  ASSERT_NE(connection_->failure(), nullptr);
  EXPECT_EQ(connection_->failure()->code, Errc::kInternal);
  EXPECT_THAT(connection_->failure()->what, ::testing::HasSubstr("nowhere"));
  connection_->forget_failure();
  EXPECT_EQ(insert.run().finish(), 1);
  EXPECT_EQ(*connection_->integer("SELECT count(*) FROM t"), 3);
}

TEST_F(StatementTest, FailsWhenMoreIsBoundThanAskedFor) {
  Statement find(*connection_, "SELECT b FROM t WHERE a = ?");
  EXPECT_FALSE(find.run(1, 2).next());
  EXPECT_NE(connection_->failure(), nullptr);
}

}  // namespace
}  // namespace baton::store::sqlite
