#include "app/upkeep.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/ranges.h>

#include "base/log.hpp"
#include "board/lease.hpp"
#include "executor/await.hpp"
#include "reactor/timer.hpp"

namespace baton::app {

namespace {

// After an outage there may be thousands; the event log names them all.
void tell(const std::vector<TaskId>& released) {
  constexpr std::size_t kNamed = 10;
  std::vector<std::string_view> names;
  for (const auto& id : released) {
    if (names.size() < kNamed) names.emplace_back(id.value);
  }
  log::info("tasks taken back from owners without a sign of life: {}: {}{}", released.size(), fmt::join(names, ", "),
            released.size() > kNamed ? ", …" : "");
}

}  // namespace

std::chrono::milliseconds interval_for(std::chrono::milliseconds age) {
  using std::chrono::milliseconds;
  return std::clamp<milliseconds>(age / 4, limits::kUpkeepLeast, limits::kUpkeepMost);
}

Upkeep::Upkeep(reactor::Loop& loop, board::Board& board, UpkeepSettings settings)
    : loop_(loop), board_(board), settings_(std::move(settings)), wake_(loop), scope_(loop) {}

void Upkeep::start() {
  scope_.spawn(repeat(settings_.sweep, &Upkeep::sweep_tasks));
  scope_.spawn(repeat(settings_.forget, &Upkeep::forget_events));
  scope_.spawn(repeat(settings_.forget, &Upkeep::forget_answers));
}

reactor::Task<> Upkeep::stop() {
  stopping_ = true;
  wake_.notify_all();
  co_await scope_.drained();
}

reactor::Task<> Upkeep::repeat(std::chrono::milliseconds period, Chore chore) {
  while (!stopping_) {
    co_await rest(period);
    if (!stopping_) co_await (this->*chore)();
  }
}

reactor::Task<> Upkeep::rest(std::chrono::milliseconds period) {
  bool over = false;
  const reactor::Deadline deadline(loop_, period, [&] {
    over = true;
    wake_.notify_all();
  });
  while (!over && !stopping_) co_await wake_.wait();
}

reactor::Task<> Upkeep::sweep_tasks() {
  const board::StaleSweep request{.stale_after_ms = settings_.stale_ttl.count(), .after_start = !swept_once_};
  const auto script = [request](store::Tx& tx) { return board::sweep_stale(tx, request); };
  for (bool more = true; more && !stopping_;) {
    const auto swept = co_await executor::write(loop_, board_, script);
    if (!swept) {
      log::warn("the look for stale tasks failed: {}", swept.error().what);
      co_return;
    }
    if (!swept->released.empty()) tell(swept->released);
    more = swept->more;
  }
  swept_once_ = true;
}

reactor::Task<> Upkeep::forget_events() {
  return forget([keep = settings_.events](store::Tx& tx) { return board::forget_events(tx, keep); }, "events");
}

reactor::Task<> Upkeep::forget_answers() {
  return forget([](store::Tx& tx) { return board::forget_answers(tx); }, "kept answers");
}

template <class Script>
reactor::Task<> Upkeep::forget(Script script, std::string_view what) {
  std::size_t total = 0;
  for (bool more = true; more && !stopping_;) {
    const auto count = co_await executor::write(loop_, board_, script);
    if (!count) {
      log::warn("old {} could not be forgotten: {}", what, count.error().what);
      break;
    }
    total += *count;
    more = *count == limits::kUpkeepStep;
  }
  if (total > 0) log::info("forgot {} {}", total, what);
}

}  // namespace baton::app
