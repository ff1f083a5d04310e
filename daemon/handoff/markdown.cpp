// Containing beats escaping: which characters are special depends on where in a document they stand (a '#' is a heading
// at the start of a line and a comment inside a fence), so a line-by-line escaper that guesses the state wrongly either
// corrupts code or lets a heading through. A block quote or a list item contains whatever is inside, by the rules of
// CommonMark (§5.1, §5.2).
#include "handoff/markdown.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace baton::handoff::markdown {
namespace {

// Bytes at the front of `rest` that some reader takes for a line break; 0 when it is none.
std::size_t line_break(std::string_view rest) {
  if (rest.starts_with("\r\n")) return 2;
  if (rest[0] == '\n' || rest[0] == '\r' || rest[0] == '\v' || rest[0] == '\f') return 1;
  if (rest.starts_with("\xC2\x85")) return 2;                                          // U+0085
  if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) return 3;  // U+2028, U+2029
  return 0;
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }

// Valid UTF-8 whose only line break is '\n' and which holds no other control character than the tabulator.
std::string plain_lines(std::string_view text) {
  const std::string valid = text::repaired_utf8(text);
  std::string plain;
  plain.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    const std::size_t length = line_break(rest);
    if (length > 0) {
      plain += '\n';
    } else {
      plain += is_control(rest[0]) ? ' ' : rest[0];
    }
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return plain;
}

bool consists_of(std::string_view text, char c) {
  return !text.empty() && text.find_first_not_of(c) == std::string_view::npos;
}

// Too often is harmless, too seldom is not: indentation is ignored although four blanks would make it code.
bool could_break_out(std::string_view line) {
  const std::string_view content = text::trimmed(line);
  return content.starts_with('#') || content.starts_with('<') || content.starts_with("```") ||
         content.starts_with("~~~") || consists_of(content, '=') || consists_of(content, '-');
}

// Leading and trailing empty lines away; the indentation of the first line stays.
std::string_view without_empty_ends(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos || !text::trimmed(text.substr(0, end)).empty()) break;
    text.remove_prefix(end + 1);
  }
  const auto last = text.find_last_not_of(" \t\n");
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : plain_lines(text)) {
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string block(std::string_view text) {
  const std::string plain = plain_lines(text);
  const std::string_view content = without_empty_ends(plain);
  const auto content_lines = text::lines(content);
  if (std::none_of(content_lines.begin(), content_lines.end(), could_break_out)) return std::string(content);
  std::string quoted;
  for (const auto line : content_lines) {
    if (!quoted.empty()) quoted += '\n';
    quoted += line.empty() ? ">" : "> ";
    quoted += line;
  }
  return quoted;
}

std::string bullet(std::string_view text) {
  const std::string plain = plain_lines(text);
  std::string item;
  for (const auto line : text::lines(text::trimmed(plain))) {
    item += item.empty() ? "- " : (text::trimmed(line).empty() ? "" : "  ");
    item += line;
    item += '\n';
  }
  return item.empty() ? "- \n" : item;
}

}  // namespace baton::handoff::markdown
