// The whole of it on a real file: writer, reader, their end.
#include "store/store.hpp"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

class StoreTest : public ::testing::Test {
 protected:
  void open() {
    auto opened = store::open(file_, clock_, [this] { wake(); });
    ASSERT_TRUE(opened.has_value()) << opened.error().what;
    store_.emplace(std::move(*opened));
  }
  void close() { store_.reset(); }

  void deliver_all() {
    while (store_->writer->in_flight() > 0) {
      std::unique_lock lock(mutex_);
      ASSERT_TRUE(woken_.wait_for(lock, std::chrono::seconds(20), [this] { return awake_; })) << "no answer came";
      awake_ = false;
      lock.unlock();
      store_->writer->deliver();
    }
  }
  void insert(const std::string& id) {
    store_->writer->submit(
        [id](Tx& tx) -> Result<Unit> {
          tx.tasks.insert(task_named(id));
          tx.events.append(event_of("task_created", id));
          return Unit{};
        },
        [](Result<Unit> answer) { EXPECT_TRUE(answer.has_value()) << answer.error().what; });
    deliver_all();
  }
  bool is_there(const char* id) {
    auto found =
        store_->reader->read([&](const View& view) -> Result<bool> { return view.tasks.find(TaskId(id)).has_value(); });
    return found.has_value() && *found;
  }

  test::TempDir folder_;
  std::filesystem::path file_ = folder_ / "board.db";
  SystemClock clock_;
  std::optional<Opened> store_;

 private:
  void wake() {
    const std::lock_guard lock(mutex_);
    awake_ = true;
    woken_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable woken_;
  bool awake_ = false;
};

TEST_F(StoreTest, ReadsWhatWasAnswered) {
  open();
  EXPECT_FALSE(is_there("a"));
  insert("a");
  EXPECT_TRUE(is_there("a"));
}

TEST_F(StoreTest, KeepsEverythingOverARestart) {
  open();
  insert("a");
  close();
  open();
  EXPECT_TRUE(is_there("a"));
  insert("b");
  auto events = store_->reader->read([](const View& view) -> Result<std::int64_t> { return view.events.last_seq(); });
  EXPECT_EQ(*events, 2);
}

TEST_F(StoreTest, LeavesOneFileBehindAfterACleanEnd) {
  open();
  insert("a");
  EXPECT_TRUE(is_there("a"));
  EXPECT_TRUE(std::filesystem::exists(file_.string() + "-wal"));
  close();
  EXPECT_TRUE(std::filesystem::exists(file_));
  EXPECT_FALSE(std::filesystem::exists(file_.string() + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(file_.string() + "-shm"));
}

TEST_F(StoreTest, ShowsItsFilesToTheirOwnerOnly) {
  open();
  insert("a");
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    const auto mode = std::filesystem::status(file_.string() + suffix).permissions();
    EXPECT_EQ(mode, std::filesystem::perms(0600)) << suffix;
  }
}

TEST_F(StoreTest, OpensAFileWhoseNameLooksLikeAnAddress) {
  file_ = folder_ / "file:board.db?mode=memory";
  open();
  insert("a");
  close();
  EXPECT_TRUE(std::filesystem::exists(file_));
}

// Each of many tasks is claimed by many at once; exactly one wins it.
TEST_F(StoreTest, HasOneWinnerForEachTask) {
  constexpr int kTasks = 50;
  constexpr int kClaimants = 8;
  open();
  std::vector<int> wins(kTasks, 0);
  for (int task = 0; task < kTasks; ++task) insert(std::to_string(task));
  for (int claimant = 0; claimant < kClaimants; ++claimant) {
    for (int task = 0; task < kTasks; ++task) {
      store_->writer->submit(
          [task, claimant](Tx& tx) -> Result<bool> {
            return tx.tasks.claim({TaskId(std::to_string(task)), std::to_string(claimant), {}, tx.now_ms}).has_value();
          },
          [&wins, task](Result<bool> won) { wins[static_cast<std::size_t>(task)] += *won ? 1 : 0; });
    }
  }
  deliver_all();
  EXPECT_THAT(wins, ::testing::Each(1));
}

// What is written to a file without a name is gone with the process.
TEST_F(StoreTest, AcknowledgesNothingOnceItsFilesAreGone) {
  for (const auto* suffix : {"", "-wal"}) {
    open();
    insert("a");
    const std::filesystem::path lost = file_.string() + suffix;
    std::filesystem::rename(lost, folder_ / "elsewhere");
    EXPECT_EQ(store_->files.check().error().reason, "state_lost") << lost;
    test::write_file(lost, "another");
    EXPECT_EQ(store_->files.check().error().reason, "state_lost") << lost;
    for (const auto* id : {"b", "c"}) {
      store_->writer->submit(
          [id](Tx& tx) -> Result<Unit> {
            tx.tasks.insert(task_named(id));
            return Unit{};
          },
          [](const Result<Unit>& answer) {
            ASSERT_FALSE(answer.has_value());
            EXPECT_EQ(answer.error().code, Errc::kUnavailable);
            EXPECT_EQ(answer.error().reason, "state_lost");
          });
      deliver_all();
    }
    close();
    for (const auto* name : {"", "-wal", "-shm"}) std::filesystem::remove(file_.string() + name);
  }
}

TEST_F(StoreTest, OpensNoLogWithoutItsDatabase) {
  open();
  insert("a");
  std::filesystem::copy_file(file_.string() + "-wal", folder_ / "kept");
  close();
  std::filesystem::rename(folder_ / "kept", file_.string() + "-wal");
  for (const bool there : {true, false}) {
    std::filesystem::remove(file_);
    if (there) test::write_file(file_, "");
    auto opened = store::open(file_, clock_, [] {});
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().reason, "database_lost");
    EXPECT_TRUE(std::filesystem::exists(file_.string() + "-wal"));
  }
}

TEST_F(StoreTest, RefusesAFolder) {
  auto opened = store::open(file_.parent_path(), clock_, [] {});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, Errc::kIo);
  EXPECT_THAT(opened.error().what, ::testing::HasSubstr("Is a directory"));
}

TEST_F(StoreTest, RefusesAFolderThatIsNotThere) {
  auto opened = store::open(folder_ / "missing" / "board.db", clock_, [] {});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, Errc::kIo);
  EXPECT_THAT(opened.error().what, ::testing::HasSubstr("missing/board.db"));
  EXPECT_THAT(opened.error().what, ::testing::HasSubstr("No such file or directory"));
}

TEST_F(StoreTest, RefusesAFolderInWhichNothingCanBeMade) {
  auto opened = store::open("/proc/self/board.db", clock_, [] {});  // not even by root
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, Errc::kIo);
  EXPECT_THAT(opened.error().what, ::testing::HasSubstr("/proc/self/board.db"));
}

}  // namespace
}  // namespace baton::store::testing
