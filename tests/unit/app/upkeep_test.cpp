#include "app/upkeep.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "board/create.hpp"
#include "board/lease.hpp"
#include "board/once.hpp"
#include "board/read.hpp"
#include "executor/await.hpp"
#include "store/store.hpp"
#include "tests/support/board_on_disk.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::app {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kTtlMs = 60'000;

TEST(IntervalFor, IsAQuarterOfTheAgeWithinBounds) {
  EXPECT_EQ(interval_for(60min), 1min);
  EXPECT_EQ(interval_for(3min), 45s);
  EXPECT_EQ(interval_for(100ms), 100ms);
  EXPECT_EQ(interval_for(1ms), 100ms);
}

class UpkeepTest : public testing::Test {
 protected:
  UpkeepTest() {
    auto opened =
        store::open(directory_ / "baton.db", clock_, [this] { loop_.post([this] { store_.writer->deliver(); }); });
    require(opened.has_value(), "the store did not open");
    store_ = *std::move(opened);
    board_.emplace(*store_.writer, *store_.reader);
  }

  ~UpkeepTest() override {
    if (upkeep_) test::run_task(loop_, ended());
  }

  void start(UpkeepSettings settings) {
    settings.stale_ttl = std::chrono::milliseconds(kTtlMs);
    upkeep_.emplace(loop_, *board_, settings);
    upkeep_->start();
  }

  reactor::Task<bool> ended() {
    co_await upkeep_->stop();
    upkeep_.reset();
    co_return true;
  }

  template <class Script>
  auto write(Script script) {
    return test::run_task(loop_, executor::write(loop_, *board_, std::move(script)));
  }

  template <class Query>
  auto read(Query query) {
    return *board_->read([&](const store::View& view) { return Result<decltype(query(view))>(query(view)); });
  }

  // A task that ada owns.
  TaskId claimed() {
    const auto made = write([](store::Tx& tx) { return board::create_task(tx, {.title = "a task"}); });
    const board::ClaimRequest request{.task_id = made->id, .assignee_agent_id = "ada", .lease_ms = kTtlMs};
    const auto task = write([request](store::Tx& tx) { return board::claim(tx, request); });
    require(task.has_value(), "the task was not claimed");
    return made->id;
  }

  store::TaskStatus status_of(const TaskId& id) {
    return read([&](const store::View& view) { return view.tasks.find(id)->status; });
  }

  std::int64_t oldest_event() {
    return read([](const store::View& view) { return view.events.after(0, {}, 1).front().ts; });
  }

  template <class Condition>
  bool comes_true(Condition condition) {
    return test::run_until(loop_, condition);
  }

  test::TempDir directory_;
  test::SteppedClock clock_;
  reactor::Loop loop_;
  store::Opened store_;
  std::optional<board::Board> board_;
  std::optional<Upkeep> upkeep_;
};

TEST_F(UpkeepTest, TakesTasksBackFromSilentOwners) {
  const auto stale = claimed();
  clock_.step(kTtlMs + 1);
  const auto young = claimed();
  start({.sweep = 1ms, .forget = 1h});
  EXPECT_TRUE(comes_true([&] { return status_of(stale) == store::TaskStatus::kTodo; }));
  EXPECT_EQ(status_of(young), store::TaskStatus::kInProgress);
}

TEST_F(UpkeepTest, TakesBackAllOfThemAtOnce) {
  const std::size_t many = board::StaleSweep{}.limit * 2 + 1;
  std::vector<TaskId> tasks;
  for (std::size_t i = 0; i < many; ++i) tasks.push_back(claimed());
  clock_.step(kTtlMs + 1);
  start({.sweep = 1ms, .forget = 1h});
  for (const auto& task : tasks) {
    ASSERT_TRUE(comes_true([&] { return status_of(task) == store::TaskStatus::kTodo; })) << task.value;
  }
}

TEST_F(UpkeepTest, ForgetsOldEventsWhenTheSweepHasPassedThem) {
  for (std::size_t i = 0; i < limits::kUpkeepStep; ++i) claimed();  // two events each: more than one step
  clock_.step(kTtlMs * 2);
  const auto now = clock_.unix_ms();
  EXPECT_LT(oldest_event(), now);
  start({.sweep = 1ms, .events = {.keep_ms = kTtlMs}, .forget = 1ms});
  EXPECT_TRUE(comes_true([&] { return oldest_event() == now; }));
}

TEST_F(UpkeepTest, ForgetsEventsBeyondTheirSizeWhenTheSweepHasPassedThem) {
  claimed();
  clock_.step(kTtlMs * 2);
  const auto now = clock_.unix_ms();
  start({.sweep = 1ms, .events = {.keep_bytes = 1}, .forget = 1ms});
  EXPECT_TRUE(comes_true([&] { return oldest_event() == now; }));
}

TEST_F(UpkeepTest, ForgetsAnswersAfterADay) {
  const auto keep = [](store::Tx& tx) -> Result<Unit> {
    board::keep_answer(tx, {.key = "k", .request = "r"}, "{}");
    return Unit{};
  };
  ASSERT_TRUE(write(keep));
  const auto is_kept = [this] {
    return read([](const store::View& view) { return view.kept_answers.find("k").has_value(); });
  };
  EXPECT_TRUE(is_kept());
  clock_.step(std::chrono::milliseconds(limits::kKeptAnswer).count() + 1);
  start({.sweep = 1h, .forget = 1ms});
  EXPECT_TRUE(comes_true([&] { return !is_kept(); }));
}

TEST_F(UpkeepTest, EndsInTheMiddleOfItsRest) {
  start({.sweep = 1h, .forget = 1h});
  EXPECT_TRUE(test::run_task(loop_, ended()));
}

}  // namespace
}  // namespace baton::app
