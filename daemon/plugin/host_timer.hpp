// The timers that one instance has started: baton.timer/1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "baton/ext/timer.h"
#include "plugin/handle_table.hpp"

namespace baton::plugin {

class Instance;

class HostTimer {
 public:
  explicit HostTimer(Instance& instance) : instance_(instance) {}

  struct Request {
    baton_run owner;
    std::int64_t delay_ns, period_ns;
    decltype(+[](void*, baton_timer) noexcept {}) on_fire;
    void* user;
  };
  baton_status start(const Request& request, baton_timer* out);
  baton_status close(baton_timer timer);

  void close_of(baton_run owner);
  void close_all();
  std::size_t alive() const { return records_.size(); }

 private:
  struct Record;
  Instance& instance_;
  HandleTable<std::shared_ptr<Record>> records_{256};  // per instance
};

}  // namespace baton::plugin
