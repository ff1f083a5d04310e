// Bytes that came in and were not parsed yet, in a place of fixed size.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace baton::http {

// A head must lie in one piece to be parsed, so `Size` is that of the largest head.
template <std::size_t Size>
class InputBuffer {
 public:
  std::string_view input() const { return {bytes_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t count) { begin_ += count; }

  // Room behind the input; moves the input to the front when there is none left. Empty when the input fills everything.
  std::pair<char*, std::size_t> room() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == bytes_.size() && begin_ > 0) {
      std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_), bytes_.end(), bytes_.begin());
      end_ -= std::exchange(begin_, 0);
    }
    return {bytes_.data() + end_, bytes_.size() - end_};
  }
  void added(std::size_t count) { end_ += count; }
  bool full() const { return begin_ == 0 && end_ == bytes_.size(); }
  void clear() { begin_ = end_ = 0; }

 private:
  std::array<char, Size> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace baton::http
