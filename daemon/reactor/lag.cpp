#include "reactor/lag.hpp"

#include <utility>

#include <asio/steady_timer.hpp>

namespace baton::reactor {
namespace {

constexpr std::chrono::milliseconds kPeriod{1};
constexpr std::size_t kAtOnce = 16;  // each costs the loop a turn per millisecond

}  // namespace

struct LagMeter::Measurement {
  Measurement(Loop& loop, std::size_t how_many, Done what)
      : timer(loop.context()), wanted(how_many), done(std::move(what)) {
    samples.reserve(wanted);
  }
  asio::steady_timer timer;
  asio::steady_timer::time_point due = asio::steady_timer::clock_type::now() + kPeriod;
  std::size_t wanted;
  Samples samples;
  Done done;  // empty: it has ended
};

bool LagMeter::measure(std::chrono::milliseconds duration, Done done) {
  if (stopped_ || under_way_.size() == kAtOnce) return false;
  const auto wanted = static_cast<std::size_t>(duration / kPeriod);
  under_way_.push_back(std::make_shared<Measurement>(loop_, wanted, std::move(done)));
  arm(under_way_.back());
  return true;
}

void LagMeter::arm(const Shared& measurement) {
  measurement->timer.expires_at(measurement->due);
  measurement->timer.async_wait([this, measurement](const std::error_code& error) {
    if (!error && measurement->done) tick(measurement);
  });
}

void LagMeter::tick(const Shared& measurement) {
  const auto now = asio::steady_timer::clock_type::now();
  for (; measurement->due <= now && measurement->samples.size() < measurement->wanted; measurement->due += kPeriod) {
    measurement->samples.push_back(now - measurement->due);
  }
  if (measurement->samples.size() < measurement->wanted) return arm(measurement);
  const auto ended = measurement;  // `measurement` is the handler's, and may be anything after the callback
  std::erase(under_way_, ended);
  finish(ended);
}

void LagMeter::finish(const Shared& measurement) {
  measurement->timer.cancel();
  const auto done = std::exchange(measurement->done, nullptr);
  done(std::move(measurement->samples));
}

void LagMeter::stop() {
  stopped_ = true;
  for (const auto& measurement : std::exchange(under_way_, {})) finish(measurement);
}

}  // namespace baton::reactor
