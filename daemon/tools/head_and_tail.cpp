#include "tools/head_and_tail.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace baton::tools {

void HeadAndTail::add(std::string_view bytes) {
  const auto first = bytes.substr(0, half_ - head_.size());
  head_ += first;
  bytes.remove_prefix(first.size());
  tail_ += bytes;
  if (tail_.size() / 2 < half_) return;  // cut now and then, so that each byte is moved about once
  const std::size_t beyond = tail_.size() - half_;
  tail_.erase(0, beyond);
  dropped_ += beyond;
}

std::string HeadAndTail::text() const {
  const std::size_t beyond = tail_.size() - std::min(tail_.size(), half_);
  if (dropped_ + beyond == 0) return head_ + tail_;
  return fmt::format("{}\n[... {} bytes are left out ...]\n{}", head_, dropped_ + beyond,
                     std::string_view(tail_).substr(beyond));
}

}  // namespace baton::tools
