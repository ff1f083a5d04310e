// The wakeups of one instance: baton.wakeup/1. The one service that another thread may enter.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "baton/ext/wakeup.h"
#include "plugin/wakeup_board.hpp"
#include "reactor/watch.hpp"

namespace baton::plugin {

class Instance;

class HostWakeup {
 public:
  using OnWake = decltype(+[](void*) noexcept {});

  explicit HostWakeup(Instance& instance);
  ~HostWakeup();
  HostWakeup(const HostWakeup&) = delete;
  HostWakeup& operator=(const HostWakeup&) = delete;

  baton_status create(OnWake on_wake, void* user, baton_wakeup* out);
  baton_status signal(baton_wakeup wakeup);  // any thread; after the instance's end each one is STALE
  baton_status close(baton_wakeup wakeup);
  void close_all();
  std::size_t alive() const { return board_.alive(); }

 private:
  struct Call {
    OnWake on_wake = nullptr;
    void* user = nullptr;
  };
  Result<Unit> open_bell();
  void answer_bell();
  void answer(std::uint64_t handle);

  Instance& instance_;
  WakeupBoard board_;
  std::array<Call, WakeupBoard::kPlaces> calls_;
  // An eventfd, made for the first wakeup, so before any handle that a thread could signal.
  int bell_ = -1;
  std::unique_ptr<reactor::Watch> watch_;
  // Empty once this object is gone, for turns that are posted already.
  std::shared_ptr<HostWakeup*> self_;
};

}  // namespace baton::plugin
