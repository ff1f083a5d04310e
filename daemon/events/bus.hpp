// Who wants to know that the event log has grown, and the place it has grown to.
//
// The bus carries no events, only the log's high-water mark: a listener that is told reads the log from its own cursor
// (query.hpp). So nothing is buffered per listener, a slow one costs nothing, and none can miss an event. Nothing
// polls.
//
// To lose nothing, subscribe first and read then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>

namespace baton::events {

class Bus {
 public:
  // Called with the new high-water mark. It may subscribe, and end any subscription, also its own; it must not publish.
  using Wake = std::function<void(std::int64_t seq)>;

 private:
  struct Listener {
    Wake wake;
    bool has_ended = false;
  };
  using Listeners = std::list<Listener>;

 public:
  // A listener's registration: ends with the object, after which it is not called any more. Must not outlive the bus.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription() { end(); }

    void end();

   private:
    friend class Bus;
    Subscription(Bus& bus, Listeners::iterator listener) : bus_(&bus), listener_(listener) {}

    Bus* bus_ = nullptr;
    Listeners::iterator listener_;
  };

  // `high_water` is the newest seq on disk.
  explicit Bus(std::int64_t high_water) : high_water_(high_water) {}
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  std::int64_t high_water() const { return high_water_; }
  std::size_t listeners() const { return listeners_.size(); }

  [[nodiscard]] Subscription subscribe(Wake wake);

  // Everything up to `seq` is on disk: wakes all, in the order in which they subscribed. Once per delivery of the
  // store's answers is enough. Does nothing when `seq` is not news.
  void published(std::int64_t seq);

 private:
  void remove(Listeners::iterator listener);
  void drop_ended();

  std::int64_t high_water_;
  Listeners listeners_;
  bool is_waking_ = false;
};

}  // namespace baton::events
