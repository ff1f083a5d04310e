#include "events/bus.hpp"

#include <iterator>
#include <utility>

#include "base/bug.hpp"

namespace baton::events {

Bus::Subscription::Subscription(Subscription&& other) noexcept
    : bus_(std::exchange(other.bus_, nullptr)), listener_(other.listener_) {}

Bus::Subscription& Bus::Subscription::operator=(Subscription&& other) noexcept {
  if (this == &other) return *this;
  end();
  bus_ = std::exchange(other.bus_, nullptr);
  listener_ = other.listener_;
  return *this;
}

void Bus::Subscription::end() {
  if (Bus* bus = std::exchange(bus_, nullptr)) bus->remove(listener_);
}

Bus::~Bus() { require(listeners_.empty(), "events: a subscription outlives the bus"); }

Bus::Subscription Bus::subscribe(Wake wake) {
  listeners_.push_back({std::move(wake)});
  return Subscription(*this, std::prev(listeners_.end()));
}

// New listeners come behind the last one of the start: they have read the mark already. Ended ones stay in the list
// until all are woken, because one of them may be the function that runs.
void Bus::published(std::int64_t seq) {
  require(!is_waking_, "events: published from inside a listener");
  if (seq <= high_water_) return;
  high_water_ = seq;
  if (listeners_.empty()) return;
  is_waking_ = true;
  const auto last = std::prev(listeners_.end());
  for (auto at = listeners_.begin();; ++at) {
    if (!at->has_ended) at->wake(seq);
    if (at == last) break;
  }
  is_waking_ = false;
  drop_ended();
}

void Bus::remove(Listeners::iterator listener) {
  if (is_waking_) {
    listener->has_ended = true;
  } else {
    listeners_.erase(listener);
  }
}

void Bus::drop_ended() {
  listeners_.remove_if([](const Listener& listener) { return listener.has_ended; });
}

}  // namespace baton::events
