#include "plugin/wakeup_board.hpp"

#include "plugin/handle_table.hpp"

namespace baton::plugin {
namespace {

// A word: generation << 32 | alive | rung. A handle: generation << 32 | place + 1.
constexpr std::uint64_t kAlive = 1, kRung = 2;
constexpr std::uint64_t kGeneration = 0xFFFF'FFFF'0000'0000u;

bool is_of(std::uint64_t word, std::uint64_t handle) {
  return (word & kAlive) != 0 && (word & kGeneration) == (handle & kGeneration);
}

std::uint64_t handle_of(std::uint64_t word, std::size_t place) { return (word & kGeneration) | (place + 1); }

}  // namespace

std::optional<std::size_t> place_of(std::uint64_t handle) {
  const std::uint64_t place = handle & 0xFFFF'FFFFu;
  if (place == 0 || place > WakeupBoard::kPlaces) return std::nullopt;
  return static_cast<std::size_t>(place - 1);
}

WakeupBoard::WakeupBoard() {
  const std::uint64_t first = std::uint64_t{fresh_generation()} << 32;
  for (auto& place : places_) place.store(first, std::memory_order_relaxed);
}

WakeupBoard::Ring WakeupBoard::ring(std::uint64_t handle) {
  const auto place = place_of(handle);
  if (!place) return Ring::kStale;
  auto& word = places_[*place];
  std::uint64_t seen = word.load(std::memory_order_relaxed);
  while (is_of(seen, handle)) {
    if (!word.compare_exchange_weak(seen, seen | kRung, std::memory_order_acq_rel, std::memory_order_relaxed)) continue;
    return (seen & kRung) != 0 ? Ring::kAgain : Ring::kFirst;
  }
  return Ring::kStale;
}

std::uint64_t WakeupBoard::open() {
  for (std::size_t place = 0; place < kPlaces; ++place) {
    const std::uint64_t word = places_[place].load(std::memory_order_relaxed);  // only rings change it elsewhere,
    if ((word & kAlive) != 0) continue;                                         // and none of a place that is free
    places_[place].store(word | kAlive, std::memory_order_release);
    ++alive_;
    return handle_of(word, place);
  }
  return 0;
}

bool WakeupBoard::close(std::uint64_t handle) {
  const auto place = place_of(handle);
  if (!place) return false;
  auto& word = places_[*place];
  const std::uint64_t seen = word.load(std::memory_order_relaxed);
  if (!is_of(seen, handle)) return false;
  const std::uint64_t next = (seen & kGeneration) + (std::uint64_t{1} << 32);
  word.store(next == 0 ? std::uint64_t{1} << 32 : next, std::memory_order_release);
  --alive_;
  return true;
}

void WakeupBoard::close_place(std::size_t place) {
  close(handle_of(places_[place].load(std::memory_order_relaxed), place));
}

std::optional<std::uint64_t> WakeupBoard::rung(std::size_t place) const {
  const std::uint64_t word = places_[place].load(std::memory_order_acquire);
  if ((word & kAlive) == 0 || (word & kRung) == 0) return std::nullopt;
  return handle_of(word, place);
}

bool WakeupBoard::answer(std::uint64_t handle) {
  const auto place = place_of(handle);
  if (!place) return false;
  auto& word = places_[*place];
  std::uint64_t seen = word.load(std::memory_order_relaxed);
  if (!is_of(seen, handle)) return false;
  seen = word.fetch_and(~kRung, std::memory_order_acq_rel);
  return (seen & kRung) != 0;
}

}  // namespace baton::plugin
