// Lines out of bytes that come in any pieces: bodies of HTTP answers, such as server-sent events.
//
// A line ends with LF, CR LF or CR alone, as an event stream's may. A process's output needs none of this:
// BATON_SPAWN_LINES_STDOUT has the host do it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace baton::plugin {

class Lines {
 public:
  // A line that is longer is an error: what to do then, only the reader knows.
  explicit Lines(std::size_t longest = 1024 * 1024) : longest_(longest) {}

  // Calls `on_line(std::string_view)` for each line that is whole now, without its end; a false answer stops, and
  // what was not read by then is dropped. `on_line` may destroy neither the splitter nor what `bytes` views. False: it
  // was stopped, or a line is too long; then nothing more is taken.
  template <class OnLine>
  bool feed(std::string_view bytes, OnLine&& on_line) {
    while (!broken_ && !bytes.empty()) {
      if (std::exchange(after_cr_, false) && bytes.front() == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
      const std::size_t end = bytes.find_first_of("\r\n");
      const std::string_view piece = bytes.substr(0, end);
      if (piece.size() > longest_ - begun_.size()) return give_up();
      if (end == std::string_view::npos) {
        begun_ += piece;
        break;
      }
      after_cr_ = bytes[end] == '\r';
      bytes.remove_prefix(end + 1);
      if (!hand_on(piece, on_line)) return give_up();
    }
    return !broken_;
  }

  // The bytes have ended: a last line without an end, if there is one.
  template <class OnLine>
  bool finish(OnLine&& on_line) {
    if (broken_) return false;
    return begun_.empty() || hand_on({}, on_line) || give_up();
  }

  // True after a line that was too long, or when the reader wanted no more.
  bool broken() const noexcept { return broken_; }

 private:
  template <class OnLine>
  bool hand_on(std::string_view rest, OnLine& on_line) {
    if (begun_.empty()) return on_line(rest);
    std::string line = std::exchange(begun_, {});
    line += rest;
    return on_line(std::string_view(line));
  }
  bool give_up() {
    broken_ = true;
    begun_.clear();
    return false;
  }

  std::size_t longest_;
  std::string begun_;  // of the current line
  bool after_cr_ = false;
  bool broken_ = false;
};

}  // namespace baton::plugin
