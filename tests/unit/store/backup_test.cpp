#include "store/backup.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite/migrations.hpp"
#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BackupTest : public ::testing::Test {
 protected:
  // Two tasks and an event in one transaction, named after `i`.
  static void add(sqlite::SqliteBackend& backend, int i) {
    auto tx = backend.begin(0);
    require(tx.has_value(), "no transaction");
    for (const char half : {'a', 'b'}) (*tx)->tasks.insert(task_named(fmt::format("{}-{}", i, half)));
    (*tx)->events.append(event_of("task_created", fmt::format("{}-a", i)));
    require(backend.commit().has_value(), "no commit");
  }
  static void make_board(const fs::path& file, int pairs) {
    auto backend = open_backend(file);
    for (int i = 0; i < pairs; ++i) add(*backend, i);
  }
  static std::int64_t tasks_in(const fs::path& file) {
    auto report = check(file);
    EXPECT_TRUE(report.has_value()) << report.error().what;
    EXPECT_THAT(report->problems, IsEmpty());
    return report ? report->facts.tasks : -1;
  }
  // Names in the folder, sorted.
  std::vector<std::string> files() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_.path())) found.push_back(entry.path().filename().string());
    std::ranges::sort(found);
    return found;
  }
  // Overwrites pages in the middle.
  static void damage(const fs::path& file) {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
    out << std::string(4096, '\x5A');
  }
  void set_version(const fs::path& file, int version) {
    auto connection = sqlite::Connection::open(file, sqlite::Connection::Mode::kReadWrite);
    ASSERT_TRUE((*connection)->execute(fmt::format("PRAGMA user_version = {}", version)));
  }

  test::TempDir folder_;
  fs::path board_ = folder_ / "board.db";
  fs::path copy_ = folder_ / "copy.db";
};

TEST_F(BackupTest, CopiesABoardThatNobodyHasOpen) {
  make_board(board_, 3);
  const auto facts = back_up(board_, copy_);
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(facts->tasks, 6);
  EXPECT_EQ(facts->last_event, 3);
  EXPECT_EQ(facts->schema_version, static_cast<std::int64_t>(sqlite::migrations().size()));
  EXPECT_EQ(facts->bytes, static_cast<std::int64_t>(fs::file_size(copy_)));
  EXPECT_EQ(tasks_in(copy_), 6);
  EXPECT_THAT(files(), ElementsAre("board.db", "copy.db")) << "nothing is left beside them";
  EXPECT_EQ(fs::status(copy_).permissions(), fs::perms(0600));
}

TEST_F(BackupTest, HoldsWhatIsOnlyInTheLog) {
  auto backend = open_backend(board_);
  add(*backend, 1);
  ASSERT_TRUE(back_up(board_, copy_));
  EXPECT_EQ(tasks_in(copy_), 2);
}

TEST_F(BackupTest, LeavesAnOpenTransactionOut) {
  auto backend = open_backend(board_);
  add(*backend, 1);
  auto tx = backend->begin(0);
  ASSERT_TRUE(tx);
  (*tx)->tasks.insert(task_named("later"));
  ASSERT_TRUE(back_up(board_, copy_));
  EXPECT_TRUE(backend->commit()) << "the writer was not disturbed";
  EXPECT_EQ(tasks_in(copy_), 2);
}

// A copy holds whole transactions, however many are made while it is being taken, and it ends.
TEST_F(BackupTest, IsOneMomentOfABoardThatIsBeingWritten) {
  make_board(board_, 500);
  std::atomic<int> written = 500;
  std::atomic<bool> is_over = false;
  std::thread writer([&] {
    auto backend = open_backend(board_);
    while (!is_over) add(*backend, written++);
  });
  int beside = 0;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (int i = 0; (i < 5 || beside == 0) && std::chrono::steady_clock::now() < deadline; ++i) {
    const int before = written;
    const auto copy = folder_ / fmt::format("copy-{}.db", i);
    const auto facts = back_up(board_, copy);
    beside += written - before;
    ASSERT_TRUE(facts) << facts.error().what;
    EXPECT_EQ(facts->tasks, 2 * facts->last_event);
    EXPECT_EQ(tasks_in(copy), facts->tasks);
  }
  is_over = true;
  writer.join();
  EXPECT_GT(beside, 0) << "nothing was written meanwhile";
}

TEST_F(BackupTest, RefusesATargetThatExists) {
  make_board(board_, 1);
  test::write_file(copy_, "precious");
  const auto refused = back_up(board_, copy_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kConflict);
  EXPECT_THAT(refused.error().what, HasSubstr(copy_.string() + " exists already"));
  EXPECT_EQ(test::read_file(copy_), "precious");
  EXPECT_THAT(files(), ElementsAre("board.db", "copy.db"));
}

TEST_F(BackupTest, RefusesWhatIsNoBoard) {
  EXPECT_EQ(back_up(board_, copy_).error().code, Errc::kNotFound);
  test::write_file(board_, "");
  EXPECT_EQ(back_up(board_, copy_).error().code, Errc::kConflict);
  test::write_file(board_, std::string(8192, 'x'));
  EXPECT_EQ(back_up(board_, copy_).error().code, Errc::kIo);
  EXPECT_THAT(files(), ElementsAre("board.db"));
}

TEST_F(BackupTest, RefusesADamagedBoard) {
  make_board(board_, 500);
  damage(board_);
  const auto refused = back_up(board_, copy_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kIo);
  EXPECT_THAT(refused.error().what, HasSubstr(board_.string() + " is damaged"));
  EXPECT_THAT(files(), ElementsAre("board.db"));
}

TEST_F(BackupTest, NeedsAFolder) {
  make_board(board_, 1);
  const auto refused = back_up(board_, folder_ / "missing" / "copy.db");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kIo);
  EXPECT_THAT(refused.error().what, HasSubstr("No such file or directory"));
}

// In a child, which may write files of 64 KiB only.
TEST_F(BackupTest, LeavesNothingBehindWhenThereIsNoRoom) {
  make_board(board_, 500);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{.rlim_cur = 65'536, .rlim_max = 65'536};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto refused = back_up(board_, copy_);
    const bool is_clear = !refused && refused.error().what.find("File too large") != std::string::npos;
    ::_exit(is_clear ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_THAT(files(), ElementsAre("board.db"));
}

TEST_F(BackupTest, RestoresAndKeepsTheFormerBoard) {
  make_board(board_, 1);
  ASSERT_TRUE(back_up(board_, copy_));
  fs::remove(board_);
  make_board(board_, 7);
  const auto done = restore(copy_, board_);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->restored.tasks, 2);
  EXPECT_EQ(tasks_in(board_), 2);
  EXPECT_THAT(done->kept.string(), HasSubstr(board_.string() + ".before-restore-"));
  EXPECT_EQ(tasks_in(done->kept), 14);
  EXPECT_EQ(tasks_in(copy_), 2) << "the backup stays";
  EXPECT_EQ(files().size(), 3U);
}

TEST_F(BackupTest, RestoresWhereNothingWas) {
  make_board(copy_, 2);
  const auto done = restore(copy_, board_);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->kept, "");
  EXPECT_EQ(tasks_in(board_), 4);
  EXPECT_THAT(files(), ElementsAre("board.db", "copy.db"));
}

TEST_F(BackupTest, GivesTheDaemonABoardToGoOnWith) {
  make_board(copy_, 2);
  ASSERT_TRUE(restore(copy_, board_));
  auto backend = open_backend(board_);
  EXPECT_EQ(*backend->connection().text("PRAGMA journal_mode"), "wal");
  add(*backend, 2);
  EXPECT_EQ(tasks_in(board_), 6);
}

// The daemon was killed: commits that were answered are in the log alone.
TEST_F(BackupTest, KeepsWhatTheFormerBoardHadInItsLogOnly) {
  make_board(copy_, 1);
  {
    auto backend = open_backend(folder_ / "killed.db");
    add(*backend, 1);
    add(*backend, 2);
    for (const auto* suffix : {"", "-wal"}) {
      fs::copy_file((folder_ / "killed.db").string() + suffix, board_.string() + suffix);
    }
  }
  const auto done = restore(copy_, board_);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(tasks_in(board_), 2);
  EXPECT_FALSE(fs::exists(board_.string() + "-wal"));
  EXPECT_EQ(tasks_in(done->kept), 4);
}

TEST_F(BackupTest, MovesALogThatCannotBeReadAwayFromTheRestoredBoard) {
  make_board(copy_, 1);
  test::write_file(board_, std::string(8192, 'x'));
  test::write_file(board_.string() + "-wal", "some log");
  test::write_file(board_.string() + "-journal", "some journal");
  const auto done = restore(copy_, board_);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(tasks_in(board_), 2);
  EXPECT_EQ(test::read_file(done->kept), std::string(8192, 'x'));
  EXPECT_EQ(test::read_file(done->kept.string() + "-wal"), "some log");
  EXPECT_EQ(test::read_file(done->kept.string() + "-journal"), "some journal");
  EXPECT_FALSE(fs::exists(board_.string() + "-wal"));
}

TEST_F(BackupTest, KnowsARestoreThatWasKilledBetweenTheNames) {
  EXPECT_TRUE(no_interrupted_restore(board_));
  make_board(copy_, 1);
  make_board(board_, 3);
  const auto done = restore(copy_, board_);
  ASSERT_TRUE(done);
  EXPECT_TRUE(no_interrupted_restore(board_));
  fs::remove(board_);
  const auto found = no_interrupted_restore(board_);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().reason, "restore_interrupted");
  EXPECT_THAT(found.error().what, HasSubstr(done->kept.string()));
  fs::rename(done->kept, done->kept.string() + "-wal");  // a log alone is no board
  EXPECT_TRUE(no_interrupted_restore(board_));
}

TEST_F(BackupTest, KeepsEveryFormerBoard) {
  make_board(copy_, 1);
  make_board(board_, 3);
  const auto first = restore(copy_, board_);
  const auto second = restore(copy_, board_);
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->kept, second->kept);
  EXPECT_EQ(tasks_in(first->kept), 6);
  EXPECT_EQ(tasks_in(second->kept), 2);
}

TEST_F(BackupTest, RestoresNothingThatIsDamagedForeignNewerOrMissing) {
  make_board(board_, 1);
  const std::string before = test::read_file(board_);
  const auto refusal = [&] {
    const auto names = files();
    const auto done = restore(copy_, board_);
    EXPECT_FALSE(done);
    EXPECT_EQ(test::read_file(board_), before);
    EXPECT_EQ(files(), names);
    return done ? Error{} : done.error();
  };
  EXPECT_EQ(refusal().code, Errc::kNotFound);
  make_board(copy_, 500);
  damage(copy_);
  EXPECT_THAT(refusal().what, HasSubstr(copy_.string() + " is damaged"));
  fs::remove(copy_);
  make_board(copy_, 1);
  set_version(copy_, 999);
  EXPECT_EQ(refusal().reason, "newer_schema");
  test::write_file(copy_, "notes");
  EXPECT_EQ(refusal().reason, "not_a_database");
  test::write_file(copy_, "");
  EXPECT_EQ(refusal().reason, "empty_database");
}

TEST_F(BackupTest, DoesNotRestoreABoardFromItself) {
  make_board(board_, 1);
  fs::create_symlink(board_, copy_);
  EXPECT_EQ(restore(copy_, board_).error().reason, "same_file");
  EXPECT_EQ(tasks_in(board_), 2);
}

TEST_F(BackupTest, RestoresABoardOfAnOlderVersion) {
  {
    auto connection = sqlite::Connection::open(copy_, sqlite::Connection::Mode::kReadWrite);
    ASSERT_TRUE(sqlite::migrate(**connection, sqlite::migrations().first(1)));
  }
  const auto done = restore(copy_, board_);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->restored.schema_version, 1);
  EXPECT_EQ(tasks_in(board_), 0);
}

}  // namespace
}  // namespace baton::store::testing
