#include "command/tail.hpp"

#include <algorithm>

namespace command {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

bool continues_sequence(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }

}  // namespace

void Tail::append(std::string_view piece) {
  if (piece.size() > max_bytes_) piece.remove_prefix(piece.size() - max_bytes_);
  kept_ += piece;
  if (kept_.size() > 2 * max_bytes_) kept_.erase(0, kept_.size() - max_bytes_);
}

std::string Tail::last(std::size_t lines) const {
  std::string_view text = kept_;
  if (text.size() > max_bytes_) text.remove_prefix(text.size() - max_bytes_);
  while (text.size() < kept_.size() && !text.empty() && continues_sequence(text[0])) text.remove_prefix(1);
  const auto end = text.find_last_not_of(kBlank);
  if (end == std::string_view::npos) return {};
  text = text.substr(0, end + 1);
  std::size_t from = text.size();
  for (std::size_t line = 0; line < lines && from != std::string_view::npos; ++line)
    from = from == 0 ? std::string_view::npos : text.rfind('\n', from - 1);
  if (from != std::string_view::npos) text.remove_prefix(from + 1);
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  return std::string(text);
}

}  // namespace command
