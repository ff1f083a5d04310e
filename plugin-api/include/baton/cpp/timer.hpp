// A timer that is its registration: destroying it ends it.
#pragma once

#include "../ext/timer.h"
#include "guard.hpp"
#include "handle.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace baton::plugin {

class Timer {
 public:
  Timer() = default;
  Timer(Timer&&) = default;
  Timer& operator=(Timer&& other) noexcept {
    if (this == &other) return *this;
    close();
    state_ = std::move(other.state_);
    return *this;
  }
  ~Timer() { close(); }

  explicit operator bool() const noexcept { return state_ != nullptr && state_->handle; }
  void close() noexcept {
    if (state_) state_->handle.close();
    state_.reset();
  }

 private:
  friend class Timers;
  struct State : std::enable_shared_from_this<State> {
    Host host{nullptr};
    baton_run owner{};
    bool periodic = false;
    std::function<void()> action;
    Handle<baton_timer, baton_host_timer> handle;
  };

  static void on_fire(void* user, baton_timer) noexcept {
    const auto state = static_cast<State*>(user)->shared_from_this();  // the action may destroy the timer
    if (!state->periodic) state->handle.forget();
    guarded_callback(state->host.raw(), state->owner, [&] { state->action(); });
  }

  std::shared_ptr<State> state_;
};

// baton.timer/1
class Timers {
 public:
  using Table = baton_host_timer;
  static constexpr const char* kId = BATON_EXT_TIMER;
  static constexpr size_t kSize = sizeof(Table);
  Timers(Host host, const Table* table) noexcept : host_(host), table_(table) {}

  // Calls `action` once after `delay`, or each `period` after it when there is one. `owner` may be none: {}.
  Timer start(baton_run owner, std::chrono::nanoseconds delay, std::function<void()> action,
              std::chrono::nanoseconds period = {}) const {
    Timer timer;
    timer.state_ = std::make_shared<Timer::State>();
    timer.state_->host = host_;
    timer.state_->owner = owner;
    timer.state_->periodic = period.count() != 0;
    timer.state_->action = std::move(action);
    baton_timer raw{};
    Status(table_->start(host_.raw(), owner, delay.count(), period.count(), &Timer::on_fire, timer.state_.get(), &raw))
        .or_throw("start a timer");
    timer.state_->handle = {host_, table_, raw};
    return timer;
  }

 private:
  Host host_;
  const Table* table_;
};

}  // namespace baton::plugin
