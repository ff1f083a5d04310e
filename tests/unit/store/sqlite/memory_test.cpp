// SQLite's own functions over the stocked memory, which every test of this program uses once a connection was opened.
#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/store/support.hpp"

namespace baton::store::testing {
namespace {

class StockedMemory : public ::testing::Test {
  test::TempDir folder_;
  std::unique_ptr<sqlite::SqliteBackend> backend_ = open_backend(folder_ / "board.db");
};

TEST_F(StockedMemory, GivesAtLeastWhatWasAskedForAndSaysHowMuch) {
  for (const int size : {1, 63, 64, 65, 128, 2000, 2048, 2049, 5000, 1'000'000}) {
    void* const block = ::sqlite3_malloc(size);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 8, 0U);
    EXPECT_GE(::sqlite3_msize(block), static_cast<std::uint64_t>(size));
    std::memset(block, 0xAB, ::sqlite3_msize(block));
    ::sqlite3_free(block);
  }
}

TEST_F(StockedMemory, KeepsTheContentOfABlockThatGrowsAndShrinks) {
  const std::string content(60, 'x');
  auto* block = static_cast<char*>(::sqlite3_malloc(61));
  std::memcpy(block, content.c_str(), 61);
  for (const int size : {100, 3000, 70'000, 4000, 90, 61}) {
    block = static_cast<char*>(::sqlite3_realloc(block, size));
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(block, content) << size;
  }
  ::sqlite3_free(block);
}

TEST_F(StockedMemory, NeverGivesABlockTwice) {
  for (int round = 0; round < 2; ++round) {
    std::vector<char*> blocks;
    for (int number = 0; number < 2000; ++number) {
      auto* block = static_cast<char*>(::sqlite3_malloc(64));
      std::memset(block, number % 128, 64);
      blocks.push_back(block);
    }
    for (std::size_t number = 0; number < blocks.size(); ++number) {
      const std::string wanted(64, static_cast<char>(number % 128));
      ASSERT_EQ(std::string(blocks[number], 64), wanted);
      ::sqlite3_free(blocks[number]);
    }
  }
}

TEST_F(StockedMemory, TakesBackWhatAnotherThreadGave) {
  void* block = nullptr;
  std::thread([&] { block = ::sqlite3_malloc(500); }).join();
  std::memset(block, 1, 500);
  ::sqlite3_free(block);
  std::thread([] { ::sqlite3_free(::sqlite3_malloc(500)); }).join();
}

}  // namespace
}  // namespace baton::store::testing
