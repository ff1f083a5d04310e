// Lines out of bytes that come in any pieces. A line that lies whole in one piece is handed on as a view into it; only
// what crosses pieces is copied.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "baton/ext/process.h"

namespace baton::plugin {

// `on_line(line, cut)` gets a line without its newline. `cut` is 0 for a whole one, else BATON_CUT_MORE or
// BATON_CUT_LAST for a piece of a line that is longer than the limit. It returns false to get no more. A template,
// since it is called for each line that an agent prints.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t max_line) : max_line_(max_line) {}

  template <class OnLine>
  void feed(std::string_view bytes, OnLine&& on_line) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::size_t length = std::min(end, bytes.size());
      const std::size_t room = max_line_ - begun_.size();
      if (length > room) {
        begun_ += bytes.substr(0, room);
        bytes.remove_prefix(room);
        in_pieces_ = true;
        const std::string piece = std::exchange(begun_, {});
        if (!on_line(std::string_view(piece), std::uint32_t{BATON_CUT_MORE})) return;
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

  // A last line without newline.
  template <class OnLine>
  void finish(OnLine&& on_line) {
    if (!begun_.empty() || in_pieces_) end_line({}, on_line);
  }

 private:
  template <class OnLine>
  bool end_line(std::string_view rest, OnLine& on_line) {
    const std::uint32_t cut = std::exchange(in_pieces_, false) ? BATON_CUT_LAST : 0;
    if (begun_.empty()) return on_line(rest, cut);
    std::string line = std::exchange(begun_, {});
    line += rest;
    return on_line(std::string_view(line), cut);
  }

  std::size_t max_line_;
  std::string begun_;       // of the current line, at most max_line_
  bool in_pieces_ = false;  // pieces of the current line were given away already
};

}  // namespace baton::plugin
