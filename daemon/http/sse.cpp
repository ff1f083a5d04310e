#include "http/sse.hpp"

namespace baton::http::sse {
namespace {

void append_one_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name);
  for (const char c : value) {
    if (c != '\n' && c != '\r' && c != '\0') out.push_back(c);
  }
  out.push_back('\n');
}

// A line ends at "\r\n", "\n" or "\r", as the reader's rules say; the break itself arrives as "\n".
void append_lines(std::string& out, std::string_view name, std::string_view text) {
  while (true) {
    const auto end = text.find_first_of("\r\n");
    out.append(name).append(text.substr(0, end)).push_back('\n');
    if (end == std::string_view::npos) return;
    text.remove_prefix(text.substr(end, 2) == "\r\n" ? end + 2 : end + 1);
  }
}

}  // namespace

void append(std::string& out, const Event& event) {
  if (!event.id.empty()) append_one_line(out, "id: ", event.id);
  if (!event.event.empty()) append_one_line(out, "event: ", event.event);
  append_lines(out, "data: ", event.data);
  out.push_back('\n');
}

void append_comment(std::string& out, std::string_view text) {
  append_one_line(out, ": ", text);
  out.push_back('\n');
}

}  // namespace baton::http::sse
