#include "reactor/event.hpp"

#include <asio/experimental/as_tuple.hpp>
#include <asio/use_awaitable.hpp>

namespace baton::reactor {

Event::Event(Loop& loop) : timer_(loop.context(), asio::steady_timer::time_point::max()) {}

void Event::notify_all() { timer_.cancel(); }

Task<> Event::wait() {
  constexpr auto kToken = asio::experimental::as_tuple(asio::use_awaitable);
  co_await timer_.async_wait(kToken);
}

}  // namespace baton::reactor
