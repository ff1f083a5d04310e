// A way from a thread of the plugin's own to the reactor. Destroying it ends it; the thread's Signal then answers
// STALE.
#pragma once

#include "../ext/wakeup.h"
#include "guard.hpp"
#include "handle.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace baton::plugin {

class Wakeup {
 public:
  // What a thread is given: a value, to be copied as one likes, and used until the plugin's destroy has returned.
  class Signal {
   public:
    Signal() = default;
    // Any thread. Does not block and does not allocate.
    Status operator()() const noexcept {
      return table_ == nullptr ? Status(BATON_E_STALE) : Status(table_->signal(host_, raw_));
    }

   private:
    friend class Wakeup;
    Signal(const baton_host* host, const baton_host_wakeup* table, baton_wakeup raw) noexcept
        : host_(host), table_(table), raw_(raw) {}
    const baton_host* host_ = nullptr;
    const baton_host_wakeup* table_ = nullptr;
    baton_wakeup raw_{};
  };

  Wakeup() = default;
  Wakeup(Wakeup&&) = default;
  Wakeup& operator=(Wakeup&& other) noexcept {
    if (this == &other) return *this;
    close();
    state_ = std::move(other.state_);
    return *this;
  }
  ~Wakeup() { close(); }

  explicit operator bool() const noexcept { return state_ != nullptr && state_->handle; }
  Signal signal() const noexcept {
    return *this ? Signal(state_->host.raw(), state_->table, state_->handle.raw()) : Signal();
  }
  void close() noexcept {
    if (state_) state_->handle.close();
    state_.reset();
  }

 private:
  friend class Wakeups;
  struct State : std::enable_shared_from_this<State> {
    Host host{nullptr};
    const baton_host_wakeup* table = nullptr;
    std::function<void()> action;
    Handle<baton_wakeup, baton_host_wakeup> handle;
  };

  static void on_wake(void* user) noexcept {
    const auto state = static_cast<State*>(user)->shared_from_this();  // the action may destroy the wakeup
    guarded_callback(state->host.raw(), {}, [&] { state->action(); });
  }

  std::shared_ptr<State> state_;
};

// baton.wakeup/1
class Wakeups {
 public:
  using Table = baton_host_wakeup;
  static constexpr const char* kId = BATON_EXT_WAKEUP;
  static constexpr size_t kSize = sizeof(Table);
  Wakeups(Host host, const Table* table) noexcept : host_(host), table_(table) {}

  // Calls `action` on the reactor after signals; several before it has begun count as one.
  Wakeup create(std::function<void()> action) const {
    Wakeup wakeup;
    wakeup.state_ = std::make_shared<Wakeup::State>();
    wakeup.state_->host = host_;
    wakeup.state_->table = table_;
    wakeup.state_->action = std::move(action);
    baton_wakeup raw{};
    Status(table_->create(host_.raw(), &Wakeup::on_wake, wakeup.state_.get(), &raw)).or_throw("create a wakeup");
    wakeup.state_->handle = {host_, table_, raw};
    return wakeup;
  }

 private:
  Host host_;
  const Table* table_;
};

}  // namespace baton::plugin
