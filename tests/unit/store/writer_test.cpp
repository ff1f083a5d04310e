#include "store/writer.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "tests/unit/store/gated_backend.hpp"
#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The owner's thread of a writer, and what it was answered.
class WriterTest : public ::testing::Test {
 protected:
  ~WriterTest() override { gate_.open(); }

  Writer& writer() { return *writer_; }

  // Inserts a task and says its name when done.
  void insert(const std::string& id) {
    submit(id, [id](Tx& tx) -> Result<Unit> {
      tx.tasks.insert(task_named(id));
      return Unit{};
    });
  }
  // Inserts a task, then thinks better of it.
  void refuse(const std::string& id) {
    submit(id, [id](Tx& tx) -> Result<Unit> {
      tx.tasks.insert(task_named(id));
      return fail(Errc::kConflict, "refused");
    });
  }
  template <class Script>
  void submit(const std::string& name, Script script) {
    writer_->submit(std::move(script), [this, name](Result<Unit> answer) {
      answers_.push_back(answer ? name : name + ": " + answer.error().what);
    });
  }

  // Delivers until nothing is in flight.
  void deliver_all() {
    while (writer_->in_flight() > 0) {
      ASSERT_TRUE(wait_for_wake()) << "no answer came";
      writer_->deliver();
    }
  }
  bool wait_for_wake() {
    std::unique_lock lock(mutex_);
    const bool woken = woken_.wait_for(lock, 20s, [this] { return wakes_ > 0; });
    wakes_ = 0;
    return woken;
  }

  std::vector<std::string> tasks_on_disk() {
    std::vector<std::string> found;
    writer_.reset();
    auto backend = open_backend(file_);
    for (const auto& task : (*backend->begin(0))->tasks.list({}, std::nullopt, 10'000).tasks)
      found.push_back(task.id.value);
    backend->roll_back();
    return found;
  }

  Gate gate_;
  std::vector<std::string> answers_;

 private:
  void wake() {
    const std::lock_guard lock(mutex_);
    ++wakes_;
    woken_.notify_all();
  }

  test::TempDir folder_;
  std::filesystem::path file_ = folder_ / "board.db";
  StandingClock clock_;
  std::mutex mutex_;
  std::condition_variable woken_;
  int wakes_ = 0;

 protected:
  std::unique_ptr<Writer> writer_ =
      std::make_unique<Writer>(std::make_unique<GatedBackend>(open_backend(file_), gate_), clock_, [this] { wake(); });
};

TEST_F(WriterTest, AnswersAfterTheCommit) {
  gate_.close();
  insert("a");
  ASSERT_TRUE(gate_.wait_for_a_commit());
  writer().deliver();
  EXPECT_THAT(answers_, IsEmpty());
  gate_.open();
  deliver_all();
  EXPECT_THAT(answers_, ElementsAre("a"));
}

TEST_F(WriterTest, CommitsTogetherWhatGatheredDuringACommit) {
  gate_.close();
  insert("a");
  ASSERT_TRUE(gate_.wait_for_a_commit());
  for (const auto* id : {"b", "c", "d"}) insert(id);
  EXPECT_EQ(writer().in_flight(), 4U);
  gate_.open();
  deliver_all();
  EXPECT_THAT(gate_.groups(), ElementsAre(1, 3));
  EXPECT_THAT(answers_, ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(tasks_on_disk(), ElementsAre("d", "c", "b", "a"));
}

TEST_F(WriterTest, UndoesARefusedOperationAlone) {
  gate_.close();
  insert("first");
  ASSERT_TRUE(gate_.wait_for_a_commit());
  insert("a");
  refuse("b");
  insert("c");
  gate_.open();
  deliver_all();
  EXPECT_THAT(answers_, ElementsAre("first", "a", "b: refused", "c"));
  EXPECT_THAT(gate_.groups(), ElementsAre(1, 3));
  EXPECT_THAT(tasks_on_disk(), ElementsAre("c", "a", "first"));
}

TEST_F(WriterTest, AnswersAnOperationThatBreaksARuleAlone) {
  gate_.close();
  insert("a");
  ASSERT_TRUE(gate_.wait_for_a_commit());
  insert("b");
  insert("a");
  insert("c");
  gate_.open();
  deliver_all();
  ASSERT_EQ(answers_.size(), 4U);
  EXPECT_EQ(answers_[1], "b");
  EXPECT_THAT(answers_[2], ::testing::HasSubstr("UNIQUE"));
  EXPECT_EQ(answers_[3], "c");
  EXPECT_THAT(tasks_on_disk(), ElementsAre("c", "b", "a"));
}

TEST_F(WriterTest, AnswersEveryOperationWithTheFailureOfTheCommit) {
  gate_.fail_commit(2);
  gate_.close();
  insert("first");
  ASSERT_TRUE(gate_.wait_for_a_commit());
  insert("a");
  refuse("b");
  insert("c");
  gate_.open();
  deliver_all();
  EXPECT_THAT(answers_, ElementsAre("first", "a: the disk is full", "b: the disk is full", "c: the disk is full"));
  insert("after");
  deliver_all();
  EXPECT_EQ(answers_.back(), "after");
  EXPECT_THAT(tasks_on_disk(), ElementsAre("after", "first"));
}

TEST_F(WriterTest, SplitsABatchThatIsTooLarge) {
  gate_.close();
  insert("first");
  ASSERT_TRUE(gate_.wait_for_a_commit());
  const int count = static_cast<int>(limits::kWriteBatch) + 5;
  for (int i = 0; i < count; ++i) insert(std::to_string(i));
  gate_.open();
  deliver_all();
  EXPECT_THAT(gate_.groups(), ElementsAre(1, static_cast<int>(limits::kWriteBatch), 5));
  ASSERT_EQ(answers_.size(), static_cast<std::size_t>(count) + 1);
  for (int i = 0; i < count; ++i)
    ASSERT_EQ(answers_[static_cast<std::size_t>(i) + 1], std::to_string(i)) << "out of order";
}

TEST_F(WriterTest, DeliversInPiecesInOrderAndWakesForWhatIsLeft) {
  gate_.close();
  insert("0");
  ASSERT_TRUE(gate_.wait_for_a_commit());
  int submitted = 1;
  for (; submitted < 10; ++submitted) insert(std::to_string(submitted));
  gate_.open();
  while (writer().in_flight() > 0) {
    const std::size_t before = answers_.size();
    const auto delivered = writer().deliver(3);
    EXPECT_LE(answers_.size() - before, 3U);
    EXPECT_TRUE(!delivered.more || writer().in_flight() > 0);
    if (answers_.size() > 4 && submitted < 30) insert(std::to_string(submitted++));
    if (delivered.more || writer().in_flight() == 0) continue;
    ASSERT_TRUE(wait_for_wake()) << "answers are forgotten";
  }
  ASSERT_EQ(answers_.size(), 30U);
  for (int i = 0; i < 30; ++i) ASSERT_EQ(answers_[static_cast<std::size_t>(i)], std::to_string(i)) << "out of order";
  EXPECT_FALSE(writer().deliver().more);
}

TEST_F(WriterTest, MakesOneGroupOfWhatGathersInATurn) {
  int told = 0;
  writer().gather([&] { ++told; });
  insert("a");
  insert("b");
  refuse("c");
  EXPECT_EQ(told, 1);
  EXPECT_EQ(writer().in_flight(), 3U);
  writer().hand_in();
  deliver_all();
  EXPECT_THAT(answers_, ElementsAre("a", "b", "c: refused"));
  EXPECT_THAT(gate_.groups(), ElementsAre(3));
  insert("d");
  EXPECT_EQ(told, 2);
  writer().hand_in();
  deliver_all();
  EXPECT_THAT(tasks_on_disk(), ::testing::UnorderedElementsAre("a", "b", "d"));
}

TEST_F(WriterTest, DoesNotGatherWithoutBound) {
  writer().gather([] {});
  for (std::size_t i = 0; i < limits::kGathered; ++i) insert("t" + std::to_string(i));
  deliver_all();  // nobody handed them in
  EXPECT_EQ(answers_.size(), limits::kGathered);
}

TEST_F(WriterTest, CommitsWhatGatheredBeforeItEnds) {
  writer().gather([] {});
  insert("a");
  EXPECT_THAT(tasks_on_disk(), ElementsAre("a"));
}

TEST_F(WriterTest, TellsTheNewestEventOnDisk) {
  EXPECT_EQ(writer().deliver().last_event, 0);
  const auto append = [](Tx& tx) -> Result<Unit> {
    tx.events.append(Event{});
    return Unit{};
  };
  const auto think_better = [append](Tx& tx) -> Result<Unit> {
    if (auto appended = append(tx); !appended) return appended;
    return fail(Errc::kConflict, "refused");
  };
  submit("a", append);
  submit("b", append);
  submit("c", think_better);
  deliver_all();
  EXPECT_EQ(writer().deliver().last_event, 2);
}

TEST_F(WriterTest, RefusesWhatTheQueueCannotHold) {
  gate_.close();
  insert("first");
  ASSERT_TRUE(gate_.wait_for_a_commit());
  const auto nothing = [](Tx&) -> Result<Unit> { return Unit{}; };
  for (std::size_t i = 0; i < limits::kWriteQueue; ++i) writer().submit(nothing, [](Result<Unit>) {});
  std::optional<Error> refusal;
  writer().submit(nothing, [&](Result<Unit> answer) { refusal = answer.error(); });
  EXPECT_FALSE(refusal) << "answered inside submit()";
  ASSERT_TRUE(wait_for_wake());
  writer().deliver();
  ASSERT_TRUE(refusal) << "has to wait for the disk";
  EXPECT_EQ(refusal->code, Errc::kUnavailable);
  EXPECT_EQ(writer().in_flight(), limits::kWriteQueue + 1);
  gate_.open();
  deliver_all();
  EXPECT_EQ(writer().in_flight(), 0U);
}

TEST_F(WriterTest, CommitsWhatWasSubmittedBeforeItEnds) {
  gate_.close();
  insert("a");
  ASSERT_TRUE(gate_.wait_for_a_commit());
  insert("b");
  insert("c");
  gate_.open();
  EXPECT_THAT(tasks_on_disk(), ElementsAre("c", "b", "a"));
  EXPECT_THAT(answers_, IsEmpty()) << "answers that were not delivered are dropped";
}

TEST_F(WriterTest, TakesNewOperationsFromInsideAnAnswer) {
  std::string said;
  writer().submit([](Tx&) -> Result<Unit> { return Unit{}; },
                  [&](Result<Unit>) {
                    insert("a");
                    said = "first";
                  });
  deliver_all();
  EXPECT_EQ(said, "first");
  EXPECT_THAT(answers_, ElementsAre("a"));
}

TEST_F(WriterTest, CarriesAnswersOfAnyType) {
  std::unique_ptr<std::string> got;
  writer().submit([](Tx&) -> Result<std::unique_ptr<std::string>> { return std::make_unique<std::string>("moved"); },
                  [&](Result<std::unique_ptr<std::string>> answer) { got = std::move(*answer); });
  deliver_all();
  ASSERT_NE(got, nullptr);
  EXPECT_EQ(*got, "moved");
}

TEST_F(WriterTest, GivesAllScriptsOfAGroupTheTimeOfTheClock) {
  std::vector<std::int64_t> times;
  for (int i = 0; i < 3; ++i) {
    writer().submit([](Tx& tx) -> Result<std::int64_t> { return tx.now_ms; },
                    [&](Result<std::int64_t> answer) { times.push_back(*answer); });
  }
  deliver_all();
  EXPECT_EQ(times.size(), 3U);
  EXPECT_THAT(times, Each(1'000));
}

}  // namespace
}  // namespace baton::store::testing
