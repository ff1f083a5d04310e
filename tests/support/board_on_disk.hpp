// A board on a real SQLite file in a temporary directory, with a clock and ids that count, for tests that read like
// sentences:
//   const auto task = board.create("write the tests");
//   EXPECT_TRUE(board.write([&](store::Tx& tx) { return claim(tx, {.task_id = task.id, .assignee_agent_id = "ada"});
//   }));
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bug.hpp"
#include "base/clock.hpp"
#include "board/board.hpp"
#include "board/create.hpp"
#include "board/read.hpp"
#include "store/store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::test {

// Stands still unless told otherwise. Read by the writer's thread too: changed only while nothing is submitted.
class SteppedClock final : public Clock {
 public:
  std::int64_t unix_ms() const override { return unix_ms_; }
  std::int64_t monotonic_ns() const override { return unix_ms_ * 1'000'000; }
  void step(std::int64_t ms) { unix_ms_ += ms; }

 private:
  std::int64_t unix_ms_ = 1'700'000'000'000;
};

class BoardOnDisk {
 public:
  BoardOnDisk() {
    auto opened = store::open(file(), clock_, [this] {
      const std::lock_guard lock(mutex_);
      woken_ = true;
      answered_.notify_all();
      if (on_answers_) on_answers_();
    });
    require(opened.has_value(), "the store did not open");
    store_ = *std::move(opened);
    board_.emplace(*store_.writer, *store_.reader);
  }

  std::filesystem::path file() const { return directory_ / "baton.db"; }

  // Carries out one script and waits for its commit.
  template <class Script>
  auto write(Script script) {
    using Answer = std::invoke_result_t<Script&, store::Tx&>;
    std::optional<Answer> answer;
    board_->write(std::move(script), [&](Answer got) { answer.emplace(std::move(got)); });
    while (!answer) {
      std::unique_lock lock(mutex_);
      answered_.wait(lock, [this] { return woken_; });
      woken_ = false;
      lock.unlock();
      store_.writer->deliver();
    }
    return *std::move(answer);
  }

  template <class Query>
  auto read(Query query) {
    return board_->read(std::move(query));
  }

  store::Task create(const std::string& title, board::NewTask more = {}) {
    more.title = title;
    auto made = write([&](store::Tx& tx) { return board::create_task(tx, more); });
    require(made.has_value(), "the task was not created");
    return *std::move(made);
  }

  store::Task task(const TaskId& id) {
    auto found = read([&](const store::View& view) { return board::find_task(view, id); });
    require(found.has_value(), "the task is gone");
    return *std::move(found);
  }

  // A task's events, oldest first.
  std::vector<store::Event> story_of(const TaskId& id) {
    auto events = read([&](const store::View& view) -> Result<std::vector<store::Event>> {
      store::EventFilter filter;
      filter.task_id = id;
      return view.events.after(0, filter, 1000);
    });
    require(events.has_value(), "the events cannot be read");
    return *std::move(events);
  }

  // Only their kinds.
  std::vector<std::string> events_of(const TaskId& id) {
    std::vector<std::string> kinds;
    for (auto& event : story_of(id)) kinds.push_back(std::move(event.kind));
    return kinds;
  }

  // For tests with a loop: `action` is called on the writer's thread when answers are ready, and must see to it that
  // deliver() is called on the loop's. To be set before anything is written.
  void on_answers(std::function<void()> action) {
    const std::lock_guard lock(mutex_);
    on_answers_ = std::move(action);
  }
  void deliver() { store_.writer->deliver(); }
  // Scripts under way.
  std::size_t in_flight() const { return store_.writer->in_flight(); }

  SteppedClock& clock() { return clock_; }
  board::Board& board() { return *board_; }

 private:
  TempDir directory_;
  SteppedClock clock_;
  std::mutex mutex_;
  std::condition_variable answered_;
  bool woken_ = false;
  std::function<void()> on_answers_;
  store::Opened store_;
  std::optional<board::Board> board_;
};

}  // namespace baton::test
