// Timers. A timer is its registration: destroying it ends it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <asio/steady_timer.hpp>

#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::reactor {

// Waits at least `duration`.
Task<> sleep_for(Loop& loop, std::chrono::nanoseconds duration);

// Calls `action` every `period`, first after one period, until destroyed. A late turn fires once, not in a burst.
class Ticker {
 public:
  Ticker(Loop& loop, std::chrono::nanoseconds period, std::function<void()> action);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  struct State;
  static void arm(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  // shared with the pending wait, which may outlive the ticker by a turn
};

// Calls `action` once after `delay`, unless destroyed before.
class Deadline {
 public:
  Deadline(Loop& loop, std::chrono::nanoseconds delay, std::function<void()> action);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace baton::reactor
