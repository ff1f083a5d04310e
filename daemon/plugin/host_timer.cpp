#include "plugin/host_timer.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"
#include "reactor/timer.hpp"

namespace baton::plugin {
namespace {

constexpr std::int64_t kShortestPeriodNs = 1'000'000;
constexpr std::int64_t kLongestNs =
    std::int64_t{400} * 24 * 3600 * 1'000'000'000;  // more overflows the clock's arithmetic

}  // namespace

struct HostTimer::Record : std::enable_shared_from_this<Record> {
  Record(Instance& of, const Request& what) : instance(of), request(what) {}

  void arm() {
    first.emplace(instance.loop(), std::chrono::nanoseconds(std::min(request.delay_ns, kLongestNs)),
                  [this] { fire_first(); });
  }
  void fire_first() {
    const auto self = shared_from_this();
    if (request.period_ns == 0) {
      instance.timers().records_.take(handle);
    } else {
      rest.emplace(instance.loop(), std::chrono::nanoseconds(std::min(request.period_ns, kLongestNs)),
                   [this] { fire(); });
    }
    fire();
  }
  void fire() {
    const auto self = shared_from_this();  // the plugin may close the timer inside
    instance.gate().enter("on_fire", [&] { request.on_fire(request.user, {handle}); });
  }
  void silence() {
    first.reset();
    rest.reset();
  }

  Instance& instance;
  Request request;
  std::uint64_t handle = 0;
  std::optional<reactor::Deadline> first;
  std::optional<reactor::Ticker> rest;
};

baton_status HostTimer::start(const Request& request, baton_timer* out) {
  auto& gate = instance_.gate();
  const bool period_fits = request.period_ns == 0 || request.period_ns >= kShortestPeriodNs;
  if (out == nullptr || request.on_fire == nullptr || request.delay_ns < 0 || !period_fits) {
    ++gate.counters().broken_struct;
    return gate.explain(BATON_E_INVALID, "timer: no callback, a negative delay, or a period below 1 ms");
  }
  if (request.owner.id != 0 && !instance_.runs().is_alive(request.owner)) {
    ++gate.counters().stale_handle;
    return gate.explain(BATON_E_STALE, "timer: the run has ended");
  }
  auto record = std::make_shared<Record>(instance_, request);
  record->handle = records_.insert(record);
  if (record->handle == 0) return gate.explain(BATON_E_LIMIT, "256 timers of this instance are alive");
  record->arm();
  *out = {record->handle};
  return BATON_OK;
}

baton_status HostTimer::close(baton_timer timer) {
  const auto record = records_.take(timer.id);
  if (!record) return BATON_E_STALE;
  (*record)->silence();
  return BATON_OK;
}

void HostTimer::close_of(baton_run owner) {
  for (const auto handle : records_.handles()) {
    if ((*records_.find(handle))->request.owner.id == owner.id) close({handle});
  }
}

void HostTimer::close_all() {
  for (const auto handle : records_.handles()) close({handle});
}

const baton_host_timer kHostTimer{
    .size = sizeof(baton_host_timer),
    .reserved = 0,
    .start =
        [](const baton_host* host, baton_run owner, int64_t delay_ns, int64_t period_ns,
           void (*on_fire)(void*, baton_timer) noexcept, void* user, baton_timer* out) noexcept {
          auto* instance = Instance::usable(host);
          if (instance == nullptr) return BATON_E_STATE;
          return instance->timers().start({owner, delay_ns, period_ns, on_fire, user}, out);
        },
    .close =
        [](const baton_host* host, baton_timer timer) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->timers().close(timer);
        }};

}  // namespace baton::plugin
