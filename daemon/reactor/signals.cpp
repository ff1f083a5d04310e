// As in timer.cpp, a wait may be done before it is cancelled, so the action is reached through a shared state whose
// `action` the owner empties: after the destructor nothing is called any more.
#include "reactor/signals.hpp"

#include <csignal>
#include <utility>

#include <asio/signal_set.hpp>

namespace baton::reactor {

struct Signals::State {
  State(Loop& loop, std::function<void(int)> what) : set(loop.context()), action(std::move(what)) {}
  asio::signal_set set;
  std::function<void(int)> action;
};

Signals::Signals(Loop& loop, std::initializer_list<int> numbers, std::function<void(int)> action)
    : state_(std::make_shared<State>(loop, std::move(action))) {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int number : numbers) state_->set.add(number);
  arm(state_);
}

Signals::~Signals() {
  state_->action = nullptr;
  std::error_code ignored;
  state_->set.cancel(ignored);
  state_->set.clear(ignored);  // the state dies a turn later; the signals are given back now
}

void Signals::arm(std::shared_ptr<State> state) {
  auto& set = state->set;
  set.async_wait([state = std::move(state)](const std::error_code& error, int number) mutable {
    if (error || !state->action) return;
    const auto action = state->action;  // the action may destroy the owner
    arm(std::move(state));
    action(number);
  });
}

}  // namespace baton::reactor
