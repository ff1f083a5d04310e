// Housekeeping: what must happen although nobody asks for it.
//
//   stale tasks   owners without a sign of life lose what they hold (board/lease.hpp)
//   events        the log forgets what is too old or too much (board/retention.hpp)
//   answers       those under an Idempotency-Key are forgotten after a day
//
// Each chore is a loop of its own: rest, then one transaction after the other until nothing is left to do. Each is
// bounded, and the next one begins after its answer, so that requests are served in between.
//
// It rests first, so after a restart each owner has one interval to show that it has outlived the daemon's absence.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/limits.hpp"
#include "board/board.hpp"
#include "board/retention.hpp"
#include "reactor/event.hpp"
#include "reactor/loop.hpp"
#include "reactor/scope.hpp"
#include "reactor/task.hpp"

namespace baton::app {

struct UpkeepSettings {
  std::chrono::milliseconds stale_ttl{0};
  std::chrono::milliseconds sweep{0};  // between two looks for stale tasks
  board::EventLimits events = {};
  std::chrono::milliseconds forget{0};  // between two looks at events and answers
};

// How often to look for what is over after `age`: four times meanwhile, but at least every minute and at most ten times
// a second.
std::chrono::milliseconds interval_for(std::chrono::milliseconds age);

class Upkeep {
 public:
  // What it is given must outlive it.
  Upkeep(reactor::Loop& loop, board::Board& board, UpkeepSettings settings);
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  void start();

  // Begins no further transaction; ends when the one under way is answered. Needed before the destructor once it was
  // started.
  reactor::Task<> stop();

 private:
  using Chore = reactor::Task<> (Upkeep::*)();

  reactor::Task<> repeat(std::chrono::milliseconds period, Chore chore);
  reactor::Task<> rest(std::chrono::milliseconds period);

  reactor::Task<> sweep_tasks();
  reactor::Task<> forget_events();
  reactor::Task<> forget_answers();
  template <class Script>
  reactor::Task<> forget(Script script, std::string_view what);

  reactor::Loop& loop_;
  board::Board& board_;
  const UpkeepSettings settings_;
  bool stopping_ = false;
  bool swept_once_ = false;
  reactor::Event wake_;
  reactor::Scope scope_;
};

}  // namespace baton::app
