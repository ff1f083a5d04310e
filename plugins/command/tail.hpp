// The end of a text that comes in pieces, in bounded memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace command {

class Tail {
 public:
  explicit Tail(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void append(std::string_view piece);

  // At most the last `lines` lines, without blanks around them, not beginning inside a UTF-8 sequence.
  std::string last(std::size_t lines) const;

 private:
  std::size_t max_bytes_;
  std::string kept_;  // up to twice the limit, so that cutting is rare
};

}  // namespace command
