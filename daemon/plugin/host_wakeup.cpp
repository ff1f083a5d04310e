#include "plugin/host_wakeup.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

#include "plugin/abi_values.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {

HostWakeup::HostWakeup(Instance& instance) : instance_(instance), self_(std::make_shared<HostWakeup*>(this)) {}

HostWakeup::~HostWakeup() {
  *self_ = nullptr;
  watch_.reset();
  if (bell_ >= 0) ::close(bell_);
}

Result<Unit> HostWakeup::open_bell() {
  if (watch_) return Unit{};
  if (bell_ < 0) bell_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (bell_ < 0) return fail(Errc::kIo, std::string("no wakeup: ") + std::strerror(errno));
  auto watch =
      reactor::Watch::start(instance_.loop(), bell_, reactor::Watch::kRead, [this](std::uint32_t) { answer_bell(); });
  if (!watch) return fail(watch);
  watch_ = std::move(*watch);
  return Unit{};
}

baton_status HostWakeup::create(OnWake on_wake, void* user, baton_wakeup* out) {
  auto& gate = instance_.gate();
  if (on_wake == nullptr || out == nullptr) {
    ++gate.counters().broken_struct;
    return gate.explain(BATON_E_INVALID, "wakeup: no callback, or no place for the handle");
  }
  if (const auto opened = open_bell(); !opened)
    return gate.explain(status_of(opened.error().code), opened.error().what);
  const std::uint64_t handle = board_.open();
  if (handle == 0) return gate.explain(BATON_E_LIMIT, "16 wakeups of this instance are alive");
  calls_[*place_of(handle)] = {on_wake, user};
  *out = {handle};
  return BATON_OK;
}

baton_status HostWakeup::signal(baton_wakeup wakeup) {
  const auto ring = board_.ring(wakeup.id);
  if (ring == WakeupBoard::Ring::kStale) return BATON_E_STALE;
  if (ring == WakeupBoard::Ring::kAgain) return BATON_OK;
  const std::uint64_t one = 1;
  // It cannot be full: each place adds one at most until it is answered.
  while (::write(bell_, &one, sizeof(one)) < 0 && errno == EINTR) continue;
  return BATON_OK;
}

void HostWakeup::answer_bell() {
  std::uint64_t count = 0;
  static_cast<void>(!::read(bell_, &count, sizeof(count)));  // before looking: what rings after it wakes again
  for (std::size_t place = 0; place < WakeupBoard::kPlaces; ++place) {
    const auto handle = board_.rung(place);
    if (!handle) continue;
    instance_.loop().post([self = self_, handle = *handle] {
      if (*self != nullptr) (*self)->answer(handle);
    });
  }
}

void HostWakeup::answer(std::uint64_t handle) {
  if (!board_.answer(handle)) return;
  const Call call = calls_[*place_of(handle)];
  instance_.gate().enter("on_wake", [&] { call.on_wake(call.user); });
}

baton_status HostWakeup::close(baton_wakeup wakeup) { return board_.close(wakeup.id) ? BATON_OK : BATON_E_STALE; }

void HostWakeup::close_all() {
  for (std::size_t place = 0; place < WakeupBoard::kPlaces; ++place) board_.close_place(place);
  watch_.reset();
}

const baton_host_wakeup kHostWakeup{
    .size = sizeof(baton_host_wakeup),
    .reserved = 0,
    .create =
        [](const baton_host* host, void (*on_wake)(void*) noexcept, void* user, baton_wakeup* out) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->wakeups().create(on_wake, user, out);
        },
    .signal = [](const baton_host* host,
                 baton_wakeup wakeup) noexcept { return Instance::of(host).wakeups().signal(wakeup); },
    .close =
        [](const baton_host* host, baton_wakeup wakeup) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->wakeups().close(wakeup);
        }};

}  // namespace baton::plugin
