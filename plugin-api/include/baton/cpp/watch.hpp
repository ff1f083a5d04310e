// A watch on a descriptor that is its registration: destroying it ends it. The descriptor stays the plugin's, which
// closes it after the watch.
#pragma once

#include "../ext/watch.h"
#include "guard.hpp"
#include "handle.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace baton::plugin {

class Watch {
 public:
  Watch() = default;
  Watch(Watch&&) = default;
  Watch& operator=(Watch&& other) noexcept {
    if (this == &other) return *this;
    close();
    state_ = std::move(other.state_);
    return *this;
  }
  ~Watch() { close(); }

  explicit operator bool() const noexcept { return state_ != nullptr && state_->handle; }
  // BATON_WATCH_READ, BATON_WATCH_WRITE, both, or 0 to rest.
  Status change(std::uint32_t interest) noexcept {
    if (!*this) return BATON_E_STALE;
    return state_->table->change(state_->host.raw(), state_->handle.raw(), interest);
  }
  void close() noexcept {
    if (state_) state_->handle.close();
    state_.reset();
  }

 private:
  friend class Watches;
  struct State : std::enable_shared_from_this<State> {
    Host host{nullptr};
    const baton_host_watch* table = nullptr;
    baton_run owner{};
    std::function<void(std::uint32_t ready)> action;
    Handle<baton_watch, baton_host_watch> handle;
  };

  static void on_ready(void* user, baton_watch, uint32_t ready) noexcept {
    const auto state = static_cast<State*>(user)->shared_from_this();  // the action may destroy the watch
    guarded_callback(state->host.raw(), state->owner, [&] { state->action(ready); });
  }

  std::shared_ptr<State> state_;
};

// baton.watch/1
class Watches {
 public:
  using Table = baton_host_watch;
  static constexpr const char* kId = BATON_EXT_WATCH;
  static constexpr size_t kSize = sizeof(Table);
  Watches(Host host, const Table* table) noexcept : host_(host), table_(table) {}

  // Calls `action` with what is ready, each turn again until it is dealt with. `owner` may be none: {}.
  Watch start(baton_run owner, int fd, std::uint32_t interest, std::function<void(std::uint32_t)> action) const {
    Watch watch;
    watch.state_ = std::make_shared<Watch::State>();
    watch.state_->host = host_;
    watch.state_->table = table_;
    watch.state_->owner = owner;
    watch.state_->action = std::move(action);
    baton_watch raw{};
    Status(table_->start(host_.raw(), owner, fd, interest, &Watch::on_ready, watch.state_.get(), &raw))
        .or_throw("watch a descriptor");
    watch.state_->handle = {host_, table_, raw};
    return watch;
  }

 private:
  Host host_;
  const Table* table_;
};

}  // namespace baton::plugin
