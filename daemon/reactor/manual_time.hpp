// Time that stands still until it is told to move, for programs that must not depend on how fast the machine is: tests,
// and the validator of plugins.
//
// While one lives, the timers of its loop (timer.hpp) wait for it instead of the machine's clock; descriptors, children
// and posts go on as ever. Timers fire in the order of their moments, those of one moment in the order in which they
// were set.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "base/clock.hpp"
#include "reactor/loop.hpp"

namespace baton::reactor {

class ManualTime final : public Clock {
 public:
  // Begins at a moment that is far from 0, so that "0" in somebody's arithmetic shows. One per loop at a time, made
  // before any timer of the loop and destroyed after the last one.
  explicit ManualTime(Loop& loop);
  ~ManualTime() override;
  ManualTime(const ManualTime&) = delete;
  ManualTime& operator=(const ManualTime&) = delete;

  std::int64_t unix_ms() const override;
  std::int64_t monotonic_ns() const override { return now_ns_; }

  // Moves to the next moment that a timer waits for, and posts what waits for it. False: no timer is set.
  bool advance_to_next();
  // Moves by `step`, and posts everything that became due on the way, each at its moment's turn in the order.
  void advance(std::chrono::nanoseconds step);

  // ---- for timer.cpp ----
  using Key = std::pair<std::int64_t, std::uint64_t>;  // moment, order
  Key set(std::chrono::nanoseconds delay, std::function<void()> action);
  void clear(Key key) { waiting_.erase(key); }

 private:
  void fire_first();

  Loop& loop_;
  std::int64_t now_ns_;
  std::uint64_t order_ = 0;
  std::map<Key, std::function<void()>> waiting_;
};

}  // namespace baton::reactor
