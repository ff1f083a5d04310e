// Lines out of bytes that come in any pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace baton::plugin {

class LineSplitter {
 public:
  // A line without its newline. `cut` is 0 for a whole one, else BATON_CUT_MORE or BATON_CUT_LAST for a piece of a line
  // that is longer than the limit. Returns false to get no more.
  using OnLine = std::function<bool(std::string_view line, std::uint32_t cut)>;

  explicit LineSplitter(std::size_t max_line) : max_line_(max_line) {}

  void feed(std::string_view bytes, const OnLine& on_line);
  void finish(const OnLine& on_line);  // a last line without newline

 private:
  bool end_line(std::string_view rest, const OnLine& on_line);

  std::size_t max_line_;
  std::string begun_;       // of the current line, at most max_line_
  bool in_pieces_ = false;  // pieces of the current line were given away already
};

}  // namespace baton::plugin
