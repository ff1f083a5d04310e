#include "reactor/signals.hpp"

#include <csignal>
#include <utility>

namespace baton::reactor {

Signals::Signals(Loop& loop, std::initializer_list<int> numbers, std::function<void(int)> action)
    : set_(loop.context()), action_(std::move(action)) {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int number : numbers) set_.add(number);
  arm();
}

Signals::~Signals() {
  std::error_code ignored;
  set_.cancel(ignored);
}

void Signals::arm() {
  set_.async_wait([this](const std::error_code& error, int number) {
    if (error) return;  // cancelled: this object may be gone
    arm();
    action_(number);
  });
}

}  // namespace baton::reactor
