#include "store/sqlite/reader.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

class SqliteReaderTest : public ::testing::Test {
 protected:
  // Fails, because what the row says is none of the statuses.
  Result<int> read_with_odd_status(const char* id) {
    EXPECT_TRUE(
        backend_->connection().execute("PRAGMA ignore_check_constraints = ON; UPDATE tasks SET status = 'odd'"));
    return reader_->read([id](const View& view) -> Result<int> {
      view.tasks.find(TaskId(id));
      return 1;
    });
  }

  void SetUp() override {
    auto reader = sqlite::open_reader(file_);
    ASSERT_TRUE(reader.has_value()) << reader.error().what;
    reader_ = std::move(*reader);
  }
  void insert(const char* id) {
    auto tx = backend_->begin(0);
    ASSERT_TRUE(tx);
    (*tx)->tasks.insert(task_named(id));
    (*tx)->events.append(event_of("task_created", id));
    ASSERT_TRUE(backend_->commit());
  }
  std::size_t count() {
    auto found = reader_->read(
        [](const View& view) -> Result<std::size_t> { return view.tasks.list({}, std::nullopt, 100).tasks.size(); });
    return found.value();
  }

  test::TempDir folder_;
  std::filesystem::path file_ = folder_ / "board.db";
  std::unique_ptr<sqlite::SqliteBackend> backend_ = open_backend(file_);
  std::unique_ptr<Reader> reader_;
};

TEST_F(SqliteReaderTest, SeesWhatIsCommittedAndNothingElse) {
  EXPECT_EQ(count(), 0U);
  auto tx = backend_->begin(0);
  ASSERT_TRUE(tx);
  (*tx)->tasks.insert(task_named("a"));
  EXPECT_EQ(count(), 0U);
  ASSERT_TRUE(backend_->commit());
  EXPECT_EQ(count(), 1U);
}

TEST_F(SqliteReaderTest, SeesOneMomentDuringARead) {
  insert("a");
  auto read = reader_->read([&](const View& view) -> Result<Unit> {
    EXPECT_EQ(view.events.last_seq(), 1);
    insert("b");
    EXPECT_EQ(view.events.last_seq(), 1);
    EXPECT_FALSE(view.tasks.find(TaskId("b")));
    return Unit{};
  });
  EXPECT_TRUE(read.has_value());
  EXPECT_EQ(count(), 2U);
}

TEST_F(SqliteReaderTest, DoesNotHoldAnOldMomentAfterARead) {
  insert("a");
  EXPECT_EQ(count(), 1U);
  EXPECT_EQ(*backend_->connection().text("PRAGMA wal_checkpoint(TRUNCATE)"), "0") << "a reader stands in the way";
}

TEST_F(SqliteReaderTest, HandsOnTheAnswerOfTheQuery) {
  auto refused = reader_->read([](const View&) -> Result<int> { return fail(Errc::kNotFound, "not there"); });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::kNotFound);
  EXPECT_EQ(count(), 0U) << "the reader goes on";
}

TEST_F(SqliteReaderTest, AnswersWithTheFailureInsteadOfWhatWasNotFound) {
  insert("a");
  auto read = read_with_odd_status("a");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, Errc::kIo);
  ASSERT_TRUE(backend_->connection().execute("UPDATE tasks SET status = 'todo'"));
  EXPECT_EQ(count(), 1U) << "the next read starts anew";
}

TEST_F(SqliteReaderTest, NeedsAFile) {
  auto reader = sqlite::open_reader(folder_ / "missing.db");
  ASSERT_FALSE(reader.has_value());
  EXPECT_EQ(reader.error().code, Errc::kIo);
}

TEST_F(SqliteReaderTest, HasAConnectionThatCannotWrite) {
  auto connection = sqlite::Connection::open(file_, sqlite::Connection::Mode::kReadOnly);
  ASSERT_TRUE(connection.has_value());
  auto refused = (*connection)->execute("DELETE FROM tasks");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::kIo);
  EXPECT_THAT(refused.error().what, ::testing::HasSubstr("readonly"));
}

class SharedSnapshotTest : public SqliteReaderTest {
 protected:
  void SetUp() override {
    auto reader = sqlite::open_reader(file_, &backend_->commits());
    ASSERT_TRUE(reader.has_value()) << reader.error().what;
    reader_ = std::move(*reader);
    reader_->share([this] { ++taken_; });
  }

  int taken_ = 0;
};

TEST_F(SharedSnapshotTest, TakesOneForManyReads) {
  insert("a");
  EXPECT_EQ(count(), 1U);
  EXPECT_EQ(count(), 1U);
  EXPECT_EQ(taken_, 1);
  reader_->let_go();
  EXPECT_EQ(count(), 1U);
  EXPECT_EQ(taken_, 2);
}

TEST_F(SharedSnapshotTest, SeesEachCommitAtOnce) {
  for (std::size_t number = 1; number <= 3; ++number) {
    insert(std::to_string(number).c_str());
    EXPECT_EQ(count(), number);
  }
  EXPECT_EQ(taken_, 1) << "who lets go is told once, however often it was renewed";
}

TEST_F(SharedSnapshotTest, SeesNothingOfWhatIsNotCommitted) {
  EXPECT_EQ(count(), 0U);
  auto tx = backend_->begin(0);
  ASSERT_TRUE(tx);
  (*tx)->tasks.insert(task_named("a"));
  EXPECT_EQ(count(), 0U);
  backend_->roll_back();
  EXPECT_EQ(count(), 0U);
}

TEST_F(SharedSnapshotTest, NumbersWhatTheDatabaseHolds) {
  const auto before = reader_->state();
  ASSERT_TRUE(before);
  EXPECT_EQ(reader_->state(), before);
  ASSERT_TRUE(backend_->begin(0));
  backend_->roll_back();
  EXPECT_EQ(reader_->state(), before);
  insert("a");
  ASSERT_TRUE(reader_->state());
  EXPECT_NE(reader_->state(), before);
}

struct AtCommit {
  const Reader& reader;
  int refuse = 0;
  std::optional<std::uint64_t> state = 0;
};
int look_at_commit(void* data) {
  auto& at = *static_cast<AtCommit*>(data);
  at.state = at.reader.state();
  return at.refuse;
}

// Readers may see a commit before it has returned.
TEST_F(SharedSnapshotTest, GivesNoNumberWhileACommitIsUnderWay) {
  AtCommit at{*reader_};
  ::sqlite3_commit_hook(backend_->connection().handle(), look_at_commit, &at);
  insert("a");
  EXPECT_EQ(at.state, std::nullopt);
  EXPECT_TRUE(reader_->state());
  at.refuse = 1;
  auto tx = backend_->begin(0);
  ASSERT_TRUE(tx);
  (*tx)->tasks.insert(task_named("b"));
  EXPECT_FALSE(backend_->commit());
  EXPECT_TRUE(reader_->state());
  EXPECT_EQ(count(), 1U);
  ::sqlite3_commit_hook(backend_->connection().handle(), nullptr, nullptr);
}

TEST_F(SharedSnapshotTest, HoldsTheLogOnlyUntilItIsLetGo) {
  insert("a");
  EXPECT_EQ(count(), 1U);
  ASSERT_TRUE(backend_->connection().execute("PRAGMA busy_timeout = 0"));
  EXPECT_EQ(*backend_->connection().text("PRAGMA wal_checkpoint(TRUNCATE)"), "1") << "it is held";
  reader_->let_go();
  EXPECT_EQ(*backend_->connection().text("PRAGMA wal_checkpoint(TRUNCATE)"), "0");
}

TEST_F(SharedSnapshotTest, IsGivenUpAfterAFailure) {
  insert("a");
  auto read = read_with_odd_status("a");
  ASSERT_FALSE(read.has_value());
  ASSERT_TRUE(backend_->connection().execute("UPDATE tasks SET status = 'todo'"));
  EXPECT_EQ(count(), 1U);
}

TEST(SqliteReaderDeathTest, RefusesAReadInsideARead) {
  const test::TempDir folder;
  auto backend = open_backend(folder / "board.db");
  auto reader = sqlite::open_reader(folder / "board.db");
  const auto nested = [&](const View&) -> Result<Unit> {
    return (*reader)->read([](const View&) -> Result<Unit> { return Unit{}; });
  };
  EXPECT_DEATH((void)(*reader)->read(nested), "a read inside a read");
}

}  // namespace
}  // namespace baton::store::testing
