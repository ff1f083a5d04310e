#include "handoff/init_script.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace baton::handoff {
namespace {

// Reads to the end of the quoted part and leaves `rest` behind it. False when the quote does not end.
bool read_single_quoted(std::string_view& rest, std::string& word) {
  const auto end = rest.find('\'');
  if (end == std::string_view::npos) return false;
  word += rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

bool read_double_quoted(std::string_view& rest, std::string& word) {
  constexpr std::string_view kEscapable = "\"\\$`";
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"') return true;
    if (c == '\\' && !rest.empty() && kEscapable.find(rest.front()) != std::string_view::npos) {
      word += rest.front();
      rest.remove_prefix(1);
    } else {
      word += c;
    }
  }
  return false;
}

// The shell word at the front of `rest`, when it is the whole of what is assigned: nothing when a quote stays open, or
// when more follows than the end of the command ("VERIFY_CMD=make test" runs `test`; half a command must not become the
// gate).
std::optional<std::string> shell_word(std::string_view rest) {
  constexpr std::string_view kEnds = " \t\r;&|()<>";
  std::string word;
  while (!rest.empty() && kEnds.find(rest.front()) == std::string_view::npos) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '\'') {
      if (!read_single_quoted(rest, word)) return std::nullopt;
    } else if (c == '"') {
      if (!read_double_quoted(rest, word)) return std::nullopt;
    } else if (c == '\\' && !rest.empty()) {
      word += rest.front();
      rest.remove_prefix(1);
    } else {
      word += c;
    }
  }
  rest = text::trimmed(rest);
  if (!rest.empty() && rest.front() != ';' && rest.front() != '#') return std::nullopt;
  return word;
}

// What stands after "VARIABLE=" when the line is an assignment to it.
std::optional<std::string_view> assigned(std::string_view line, std::string_view variable) {
  constexpr std::string_view kExport = "export";
  if (line.starts_with(kExport)) {
    const auto name = line.find_first_not_of(" \t", kExport.size());
    if (name == kExport.size() || name == std::string_view::npos) return std::nullopt;
    line.remove_prefix(name);
  }
  if (!line.starts_with(variable)) return std::nullopt;
  line.remove_prefix(variable.size());
  if (!line.starts_with('=')) return std::nullopt;
  return line.substr(1);
}

std::optional<std::string> unless_placeholder(std::optional<std::string> command) {
  if (command && is_placeholder(*command)) return std::nullopt;
  return command;
}

}  // namespace

std::string placeholder_command(std::string_view variable) {
  return fmt::format("echo \"[init] configure {} in init.sh\"", variable);
}

bool is_placeholder(std::string_view command) {
  for (const auto* variable : {"configure INSTALL_CMD", "configure VERIFY_CMD", "configure START_CMD"}) {
    if (command.find(variable) != std::string_view::npos) return true;
  }
  return false;
}

std::optional<std::string> parse_init_command(std::string_view init_sh, std::string_view variable) {
  std::optional<std::string> placeholder;
  for (const auto line : text::lines(init_sh)) {
    const auto value = assigned(line, variable);
    if (!value) continue;
    auto command = shell_word(*value);
    if (!command || text::trimmed(*command).empty()) continue;
    if (!is_placeholder(*command)) return command;
    if (!placeholder) placeholder = std::move(command);
  }
  return placeholder;
}

std::optional<std::string> parse_verify_cmd(std::string_view init_sh) {
  return unless_placeholder(parse_init_command(init_sh, "VERIFY_CMD"));
}

std::optional<std::string> parse_verify_line(std::string_view verification_md) {
  constexpr std::string_view kBegin = "- Verify: `";
  for (const auto line : text::lines(verification_md)) {
    if (!line.starts_with(kBegin)) continue;
    const auto end = line.rfind('`');
    if (end < kBegin.size()) return std::nullopt;
    const auto command = text::trimmed(line.substr(kBegin.size(), end - kBegin.size()));
    if (command.empty()) return std::nullopt;
    return unless_placeholder(std::string(command));
  }
  return std::nullopt;
}

}  // namespace baton::handoff
