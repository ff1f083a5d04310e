#include "reactor/manual_time.hpp"

#include <algorithm>
#include <utility>

#include "base/bug.hpp"

namespace baton::reactor {
namespace {

constexpr std::int64_t kBegin = 1'000'000'000'000'000;    // 11.5 days after the start of the machine
constexpr std::int64_t kBeginUnixMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z

}  // namespace

ManualTime::ManualTime(Loop& loop) : loop_(loop), now_ns_(kBegin) {
  require(loop.manual_time() == nullptr, "a loop has one time");
  loop.set_manual_time(this);
}

ManualTime::~ManualTime() { loop_.set_manual_time(nullptr); }

std::int64_t ManualTime::unix_ms() const { return kBeginUnixMs + (now_ns_ - kBegin) / 1'000'000; }

ManualTime::Key ManualTime::set(std::chrono::nanoseconds delay, std::function<void()> action) {
  const Key key{now_ns_ + std::max<std::int64_t>(0, delay.count()), ++order_};
  waiting_.emplace(key, std::move(action));
  return key;
}

void ManualTime::fire_first() {
  auto first = waiting_.extract(waiting_.begin());
  now_ns_ = std::max(now_ns_, first.key().first);
  loop_.post(std::move(first.mapped()));
}

bool ManualTime::advance_to_next() {
  if (waiting_.empty()) return false;
  const auto moment = waiting_.begin()->first.first;
  while (!waiting_.empty() && waiting_.begin()->first.first == moment) fire_first();
  return true;
}

void ManualTime::advance(std::chrono::nanoseconds step) {
  const auto until = now_ns_ + step.count();
  while (!waiting_.empty() && waiting_.begin()->first.first <= until) fire_first();
  now_ns_ = std::max(now_ns_, until);
}

}  // namespace baton::reactor
