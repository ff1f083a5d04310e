// A line that lies whole in one piece is handed on as a view into it; only what crosses pieces is copied.
#include "plugin/line_splitter.hpp"

#include <algorithm>
#include <utility>

#include "baton/ext/process.h"

namespace baton::plugin {

void LineSplitter::feed(std::string_view bytes, const OnLine& on_line) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::size_t length = std::min(end, bytes.size());
    const std::size_t room = max_line_ - begun_.size();
    if (length > room) {
      begun_ += bytes.substr(0, room);
      bytes.remove_prefix(room);
      in_pieces_ = true;
      const std::string piece = std::exchange(begun_, {});
      if (!on_line(piece, BATON_CUT_MORE)) return;
    } else if (end == std::string_view::npos) {
      begun_ += bytes;
      return;
    } else {
      const std::string_view rest = bytes.substr(0, length);
      bytes.remove_prefix(length + 1);
      if (!end_line(rest, on_line)) return;
    }
  }
}

void LineSplitter::finish(const OnLine& on_line) {
  if (!begun_.empty() || in_pieces_) end_line({}, on_line);
}

bool LineSplitter::end_line(std::string_view rest, const OnLine& on_line) {
  const std::uint32_t cut = std::exchange(in_pieces_, false) ? BATON_CUT_LAST : 0;
  if (begun_.empty()) return on_line(rest, cut);
  std::string line = std::exchange(begun_, {});
  line += rest;
  return on_line(line, cut);
}

}  // namespace baton::plugin
