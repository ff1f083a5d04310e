// Memory that ends where a page begins that nobody may touch: reading one byte too far ends the process.
#pragma once

#include <cstddef>
#include <string_view>

namespace baton::plugin_check {

class GuardedMemory {
 public:
  // A copy of `bytes`, its last byte right before the forbidden page. A struct whose size is a
  // multiple of its alignment is aligned. Aborts when the system has no memory.
  explicit GuardedMemory(std::string_view bytes);
  ~GuardedMemory();
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  std::byte* data() const { return data_; }

 private:
  std::byte* pages_;
  std::size_t size_;
  std::byte* data_;
};

}  // namespace baton::plugin_check
