#include "app/collecting.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "reactor/timer.hpp"

namespace baton::app {

Collecting::Collecting(reactor::Loop& loop, executor::Collector& collector, executor::Salvage& salvage,
                       CollectingTimes times)
    : loop_(loop), collector_(collector), salvage_(salvage), times_(times), wake_(loop), scope_(loop) {}

void Collecting::start() { scope_.spawn(repeat()); }

void Collecting::kick() {
  kicked_ = true;
  wake_.notify_all();
}

reactor::Task<> Collecting::stop() {
  stopping_ = true;
  collector_.stop();
  salvage_.stop();
  wake_.notify_all();
  co_await scope_.drained();
}

reactor::Task<> Collecting::repeat() {
  while (!stopping_) {
    co_await collector_.collect();
    if (stopping_) co_return;
    const auto forgotten = co_await salvage_.prune();
    for (const auto& failure : forgotten.failures) log::warn("{}: {}", failure.repo_path, failure.error.what);
    co_await rest();
  }
}

reactor::Task<> Collecting::rest() {
  const auto begun = std::chrono::steady_clock::now();
  bool over = false;
  const auto end = [&] {
    over = true;
    wake_.notify_all();
  };
  const reactor::Deadline whole(loop_, times_.interval, end);
  while (!over && !kicked_ && !stopping_) co_await wake_.wait();
  const auto least = std::chrono::nanoseconds(std::min(times_.least, times_.interval));
  const auto rested = std::chrono::steady_clock::now() - begun;
  over = over || rested >= least;
  const reactor::Deadline rest(loop_, std::max(least - rested, std::chrono::nanoseconds::zero()), end);
  while (!over && !stopping_) co_await wake_.wait();
  kicked_ = false;
}

}  // namespace baton::app
