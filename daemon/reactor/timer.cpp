// An alarm that was cancelled too late still rings, so an action is reached through a shared state whose `action` the
// owner empties: after the destructor nothing is called any more.
#include "reactor/timer.hpp"

#include <utility>

#include <asio/experimental/as_tuple.hpp>
#include <asio/use_awaitable.hpp>

#include "reactor/alarm.hpp"
#include "reactor/completion.hpp"

namespace baton::reactor {

Task<> sleep_for(Loop& loop, std::chrono::nanoseconds duration) {
  if (loop.manual_time() == nullptr) {
    constexpr auto kToken = asio::experimental::as_tuple(asio::use_awaitable);
    asio::steady_timer timer(loop.context(), std::chrono::duration_cast<asio::steady_timer::duration>(duration));
    co_await timer.async_wait(kToken);
    co_return;
  }
  Completion<bool> over(loop);
  const Deadline deadline(loop, duration, [resolve = over.resolver()]() mutable { resolve(true); });
  co_await over.take();
}

struct Ticker::State {
  State(Loop& loop, std::chrono::nanoseconds every, std::function<void()> what)
      : alarm(loop), period(every), action(std::move(what)) {}
  Alarm alarm;
  std::chrono::nanoseconds period;
  std::function<void()> action;
};

Ticker::Ticker(Loop& loop, std::chrono::nanoseconds period, std::function<void()> action)
    : state_(std::make_shared<State>(loop, period, std::move(action))) {
  arm(state_);
}

Ticker::~Ticker() {
  state_->action = nullptr;
  state_->alarm.cancel();
}

void Ticker::arm(std::shared_ptr<State> state) {
  auto& alarm = state->alarm;
  const auto period = state->period;
  alarm.set(period, [state = std::move(state)]() mutable {
    if (!state->action) return;
    const auto action = state->action;  // the action may destroy the ticker
    action();
    if (state->action) arm(std::move(state));
  });
}

struct Deadline::State {
  State(Loop& loop, std::function<void()> what) : alarm(loop), action(std::move(what)) {}
  Alarm alarm;
  std::function<void()> action;
};

Deadline::Deadline(Loop& loop, std::chrono::nanoseconds delay, std::function<void()> action)
    : state_(std::make_shared<State>(loop, std::move(action))) {
  state_->alarm.set(delay, [state = state_] {
    if (!state->action) return;
    const auto fire = std::exchange(state->action, nullptr);
    fire();
  });
}

Deadline::~Deadline() {
  state_->action = nullptr;
  state_->alarm.cancel();
}

}  // namespace baton::reactor
