// The beginning and the end of a stream of any length. What is cut in two at the gap is not whole on either side: a
// secret that lies there is not found by who masks the text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace baton::tools {

class HeadAndTail {
 public:
  explicit HeadAndTail(std::size_t limit) : half_(limit / 2) {}  // bytes that are kept, half of them at each end

  void add(std::string_view bytes);
  // With a line between them that says how much is left out.
  std::string text() const;

 private:
  std::size_t half_;
  std::string head_, tail_;
  std::size_t dropped_ = 0;
};

}  // namespace baton::tools
