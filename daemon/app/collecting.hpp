// When worktrees are collected and what was kept is forgotten: once when the daemon serves, then from time to time, and
// soon after something was refused for want of room.
#pragma once

#include <chrono>

#include "executor/collector.hpp"
#include "executor/salvage.hpp"
#include "reactor/event.hpp"
#include "reactor/loop.hpp"
#include "reactor/scope.hpp"
#include "reactor/task.hpp"

namespace baton::app {

struct CollectingTimes {
  std::chrono::milliseconds interval{0};                       // between two collections
  std::chrono::milliseconds least = std::chrono::seconds(10);  // also while every request is refused for want of room
};

class Collecting {
 public:
  // What it is given must outlive it.
  Collecting(reactor::Loop& loop, executor::Collector& collector, executor::Salvage& salvage, CollectingTimes times);
  Collecting(const Collecting&) = delete;
  Collecting& operator=(const Collecting&) = delete;

  void start();

  // There is too little room: does not wait for the interval.
  void kick();

  // Begins nothing further; ends when what is under way has ended. Needed before the destructor once it was started.
  reactor::Task<> stop();

 private:
  reactor::Task<> repeat();
  reactor::Task<> rest();

  reactor::Loop& loop_;
  executor::Collector& collector_;
  executor::Salvage& salvage_;
  const CollectingTimes times_;
  bool kicked_ = false;
  bool stopping_ = false;
  reactor::Event wake_;
  reactor::Scope scope_;
};

}  // namespace baton::app
