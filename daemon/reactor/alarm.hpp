// A wait for one moment of a loop's time, the machine's or a manual one: what timer.hpp is built on.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include <asio/steady_timer.hpp>

#include "reactor/manual_time.hpp"

namespace baton::reactor {

class Alarm {
 public:
  explicit Alarm(Loop& loop) : loop_(loop) {}
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // Calls `then` after `delay`; one at a time. After cancel() it may still be called, when it was due already: the
  // caller keeps what `then` needs alive and looks whether it is still wanted.
  template <class Then>
  void set(std::chrono::nanoseconds delay, Then then) {
    if (auto* time = loop_.manual_time()) {
      key_ = time->set(delay, std::move(then));
      return;
    }
    if (!timer_) timer_.emplace(loop_.context());
    timer_->expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(delay));
    timer_->async_wait([then = std::move(then)](const std::error_code& error) mutable {
      if (!error) then();
    });
  }
  void cancel() {
    if (timer_) timer_->cancel();
    auto* time = loop_.manual_time();
    if (key_ && time != nullptr) time->clear(*key_);
    key_.reset();
  }

 private:
  Loop& loop_;
  std::optional<asio::steady_timer> timer_;
  std::optional<ManualTime::Key> key_;
};

}  // namespace baton::reactor
