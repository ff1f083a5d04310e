#include "plugin/wakeup_board.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

using Ring = WakeupBoard::Ring;

TEST(WakeupBoard, ARingIsHeardOnce) {
  WakeupBoard board;
  const auto bell = board.open();
  const auto place = *place_of(bell);
  EXPECT_FALSE(board.rung(place));
  EXPECT_EQ(board.ring(bell), Ring::kFirst);
  EXPECT_EQ(board.ring(bell), Ring::kAgain);
  EXPECT_EQ(board.rung(place), bell);
  EXPECT_TRUE(board.answer(bell));
  EXPECT_FALSE(board.answer(bell));
  EXPECT_FALSE(board.rung(place));
  EXPECT_EQ(board.ring(bell), Ring::kFirst);
}

TEST(WakeupBoard, AClosedOneIsStaleAndItsPlaceIsSomebodyElses) {
  WakeupBoard board;
  const auto first = board.open();
  board.ring(first);
  EXPECT_TRUE(board.close(first));
  EXPECT_FALSE(board.close(first));
  EXPECT_EQ(board.ring(first), Ring::kStale);
  EXPECT_FALSE(board.answer(first));
  const auto second = board.open();
  EXPECT_EQ(place_of(second), place_of(first));
  EXPECT_NE(second, first);
  EXPECT_EQ(board.ring(first), Ring::kStale);
  EXPECT_FALSE(board.rung(*place_of(second))) << "the first one's ring was not inherited";
}

TEST(WakeupBoard, HasSixteenPlaces) {
  WakeupBoard board;
  std::set<std::uint64_t> all;
  for (std::size_t count = 0; count < WakeupBoard::kPlaces; ++count) all.insert(board.open());
  EXPECT_EQ(all.size(), 16u);
  EXPECT_EQ(all.count(0), 0u);
  EXPECT_EQ(board.open(), 0u);
  EXPECT_EQ(board.alive(), 16u);
  board.close_place(3);
  EXPECT_EQ(board.alive(), 15u);
  EXPECT_NE(board.open(), 0u);
}

TEST(WakeupBoard, NonsenseIsStale) {
  WakeupBoard board;
  const auto bell = board.open();
  for (const std::uint64_t odd : {std::uint64_t{0}, ~std::uint64_t{0}, bell + 1, bell + (std::uint64_t{1} << 32)}) {
    EXPECT_EQ(board.ring(odd), Ring::kStale) << odd;
    EXPECT_FALSE(board.close(odd)) << odd;
  }
}

// What a thread did before it rang is seen by whoever answers, however many rings the answer is for.
TEST(WakeupBoard, NoRingIsLostAmongThreads) {
  constexpr int kThreads = 4, kEach = 20'000;
  WakeupBoard board;
  const auto bell = board.open();
  std::array<std::atomic<int>, kThreads> done{};  // relaxed: it is the ring that publishes
  std::atomic<int> over = 0;
  std::vector<std::thread> threads;
  for (int index = 0; index < kThreads; ++index) {
    threads.emplace_back([&, index] {
      for (int count = 1; count <= kEach; ++count) {
        done[static_cast<std::size_t>(index)].store(count, std::memory_order_relaxed);
        EXPECT_NE(board.ring(bell), Ring::kStale);
      }
      ++over;
    });
  }
  int seen = 0;
  while (over < kThreads || board.rung(*place_of(bell))) {
    if (!board.answer(bell)) continue;
    seen = 0;
    for (const auto& one : done) seen += one.load(std::memory_order_relaxed);
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(seen, kThreads * kEach);
}

// Threads ring while the place is closed and given away: a ring is heard by its own bell or is stale.
TEST(WakeupBoard, ARingNeverReachesTheNextOwnerOfThePlace) {
  WakeupBoard board;
  std::atomic<std::uint64_t> shown = 0;
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int index = 0; index < 3; ++index) {
    threads.emplace_back([&] {
      while (!stop) board.ring(shown.load());
    });
  }
  int wrong = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto bell = board.open();  // not shown: nobody may ring it
    if (board.rung(*place_of(bell))) ++wrong;
    board.close(bell);
    const auto rung_one = board.open();
    shown = rung_one;
    board.answer(rung_one);
    board.close(rung_one);
  }
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace baton::plugin
