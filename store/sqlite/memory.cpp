#include "store/sqlite/memory.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/bug.hpp"

namespace baton::store::sqlite {
namespace {

constexpr std::size_t kSmallest = 64;  // bytes of a block; each further size is twice as large
constexpr std::size_t kSizes = 6;      // up to 2048: a page of the database comes from the heap
constexpr std::size_t kLargest = kSmallest << (kSizes - 1);
constexpr std::size_t kStock = 32 * 1024;  // bytes of each size that a thread keeps

// In front of each block: SQLite asks how large it is.
struct alignas(std::max_align_t) Header {
  std::size_t size;
  Header* next;  // in the stock
};

std::size_t place_of(std::size_t size) { return static_cast<std::size_t>(std::bit_width((size - 1) / kSmallest)); }

// A block that another thread took may be given back here; it stays here then.
class Stock {
 public:
  Stock() = default;
  Stock(const Stock&) = delete;
  Stock& operator=(const Stock&) = delete;
  ~Stock() {
    is_over_ = true;
    for (Header* block : first_) {
      while (block != nullptr) std::free(std::exchange(block, block->next));
    }
  }

  Header* take(std::size_t size) {
    Header*& first = first_[place_of(size)];
    if (first == nullptr) return nullptr;
    kept_[place_of(size)] -= size;
    return std::exchange(first, first->next);
  }

  bool keep(Header* block) {
    const std::size_t place = place_of(block->size);
    if (is_over_ || kept_[place] + block->size > kStock) return false;
    kept_[place] += block->size;
    block->next = std::exchange(first_[place], block);
    return true;
  }

 private:
  std::array<Header*, kSizes> first_{};
  std::array<std::size_t, kSizes> kept_{};  // bytes
  bool is_over_ = false;                    // the thread ends
};

thread_local Stock stock;

Header* header_of(void* memory) { return static_cast<Header*>(memory) - 1; }

std::size_t rounded(std::size_t size) {
  if (size <= kLargest) return std::max(kSmallest, std::bit_ceil(size));
  return (size + 7) / 8 * 8;
}

void* take(int wanted) {
  const std::size_t size = rounded(static_cast<std::size_t>(wanted));
  Header* block = size <= kLargest ? stock.take(size) : nullptr;
  if (block == nullptr) block = static_cast<Header*>(std::malloc(sizeof(Header) + size));
  if (block == nullptr) return nullptr;
  block->size = size;
  return block + 1;
}

void give_back(void* memory) {
  if (memory == nullptr) return;
  Header* const block = header_of(memory);
  if (block->size > kLargest || !stock.keep(block)) std::free(block);
}

int size_of(void* memory) { return memory == nullptr ? 0 : static_cast<int>(header_of(memory)->size); }

void* resize(void* memory, int wanted) {
  const std::size_t size = header_of(memory)->size;
  if (rounded(static_cast<std::size_t>(wanted)) == size) return memory;
  void* const other = take(wanted);
  if (other == nullptr) return nullptr;
  std::memcpy(other, memory, std::min(size, static_cast<std::size_t>(wanted)));
  give_back(memory);
  return other;
}

int round_up(int size) { return static_cast<int>(rounded(static_cast<std::size_t>(size))); }
int begin(void*) { return SQLITE_OK; }
void end(void*) {}

}  // namespace

void use_stocked_memory() {
  const sqlite3_mem_methods methods{take, give_back, resize, size_of, round_up, begin, end, nullptr};
  require(::sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK, "sqlite: used before it was configured");
}

}  // namespace baton::store::sqlite
