// Something that tasks wait for.
#pragma once

#include <asio/steady_timer.hpp>

#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::reactor {

// Wakes all that wait, each time it is notified; says nothing about why, so waiters check their condition in a loop:
//   while (!ready) co_await event.wait();
class Event {
 public:
  explicit Event(Loop& loop);
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void notify_all();
  Task<> wait();  // until the next notify_all()

 private:
  asio::steady_timer timer_;  // never expires; cancelling it wakes the waiters
};

}  // namespace baton::reactor
