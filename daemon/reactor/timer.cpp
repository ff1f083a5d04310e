// Asio may complete a wait that was cancelled too late, so an action is reached through a shared state whose `action`
// the owner empties: after the destructor nothing is called any more.
#include "reactor/timer.hpp"

#include <utility>

#include <asio/experimental/as_tuple.hpp>
#include <asio/use_awaitable.hpp>

namespace baton::reactor {

Task<> sleep_for(Loop& loop, std::chrono::nanoseconds duration) {
  constexpr auto kToken = asio::experimental::as_tuple(asio::use_awaitable);
  asio::steady_timer timer(loop.context(), std::chrono::duration_cast<asio::steady_timer::duration>(duration));
  co_await timer.async_wait(kToken);
}

struct Ticker::State {
  State(Loop& loop, std::chrono::nanoseconds every, std::function<void()> what)
      : timer(loop.context()), period(every), action(std::move(what)) {}
  asio::steady_timer timer;
  std::chrono::nanoseconds period;
  std::function<void()> action;
};

Ticker::Ticker(Loop& loop, std::chrono::nanoseconds period, std::function<void()> action)
    : state_(std::make_shared<State>(loop, period, std::move(action))) {
  arm(state_);
}

Ticker::~Ticker() {
  state_->action = nullptr;
  state_->timer.cancel();
}

void Ticker::arm(std::shared_ptr<State> state) {
  state->timer.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(state->period));
  auto& timer = state->timer;
  timer.async_wait([state = std::move(state)](const std::error_code& error) mutable {
    if (error || !state->action) return;
    const auto action = state->action;  // the action may destroy the ticker
    action();
    if (state->action) arm(std::move(state));
  });
}

struct Deadline::State {
  State(Loop& loop, std::function<void()> what) : timer(loop.context()), action(std::move(what)) {}
  asio::steady_timer timer;
  std::function<void()> action;
};

Deadline::Deadline(Loop& loop, std::chrono::nanoseconds delay, std::function<void()> action)
    : state_(std::make_shared<State>(loop, std::move(action))) {
  state_->timer.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(delay));
  state_->timer.async_wait([state = state_](const std::error_code& error) {
    if (error || !state->action) return;
    const auto fire = std::exchange(state->action, nullptr);
    fire();
  });
}

Deadline::~Deadline() {
  state_->action = nullptr;
  state_->timer.cancel();
}

}  // namespace baton::reactor
