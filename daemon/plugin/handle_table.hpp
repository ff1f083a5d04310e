// Slots that are named by a number: slot in the low half, generation in the high half, so that the name of something
// that has ended is never the name of something else.
//
// A table begins at a generation of its own, so that a handle of one instance or kind does not fit another's table
// either (but by a chance of one in 2^31).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace baton::plugin {

// A different number each time.
std::uint32_t fresh_generation();

template <class T>
class HandleTable {
 public:
  explicit HandleTable(std::size_t limit) : limit_(limit), first_generation_(fresh_generation()) {}

  // The handle of `value`; 0 when `limit` values live.
  std::uint64_t insert(T value) {
    if (alive_ == limit_) return 0;
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.push_back({first_generation_, std::nullopt});
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    slots_[index].value.emplace(std::move(value));
    ++alive_;
    return name(index);
  }

  // Null when it is stale. Valid until the next insert.
  T* find(std::uint64_t handle) {
    const std::uint64_t place = handle & 0xFFFF'FFFFu;
    if (place == 0 || place > slots_.size()) return nullptr;
    Slot& slot = slots_[place - 1];
    return slot.value && slot.generation == handle >> 32 ? &*slot.value : nullptr;
  }

  // Ends the handle; nothing when it is stale.
  std::optional<T> take(std::uint64_t handle) {
    if (find(handle) == nullptr) return std::nullopt;
    const auto index = static_cast<std::uint32_t>((handle & 0xFFFF'FFFFu) - 1);
    Slot& slot = slots_[index];
    std::optional<T> value = std::exchange(slot.value, std::nullopt);
    slot.generation = slot.generation == 0xFFFF'FFFFu ? 1 : slot.generation + 1;
    free_.push_back(index);
    --alive_;
    return value;
  }

  // The handles that are alive, for loops that end some of them.
  std::vector<std::uint64_t> handles() const {
    std::vector<std::uint64_t> all;
    for (std::uint32_t index = 0; index < slots_.size(); ++index) {
      if (slots_[index].value) all.push_back(name(index));
    }
    return all;
  }

  std::size_t size() const { return alive_; }

 private:
  struct Slot {
    std::uint32_t generation;
    std::optional<T> value;
  };
  std::uint64_t name(std::uint32_t index) const {
    return (std::uint64_t{slots_[index].generation} << 32) | (std::uint64_t{index} + 1);
  }

  std::size_t limit_;
  std::uint32_t first_generation_;
  std::size_t alive_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace baton::plugin
