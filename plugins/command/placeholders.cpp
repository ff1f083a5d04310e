#include "command/placeholders.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace command {
namespace {

using Entry = std::pair<std::string_view, std::string Values::*>;
constexpr std::array<Entry, 8> kNames{{{"cwd", &Values::cwd},
                                       {"task", &Values::task},
                                       {"agent", &Values::agent},
                                       {"attempt", &Values::attempt},
                                       {"model", &Values::model},
                                       {"resume", &Values::resume},
                                       {"home", &Values::home},
                                       {"prompt", &Values::prompt}}};

const Entry* find(std::string_view name) {
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(), [&](const Entry& entry) { return entry.first == name; });
  return found == kNames.end() ? nullptr : found;
}

// The word of "{word}" at the beginning of `text`; empty when there is none.
std::string_view word_at(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && ((text[end] >= 'a' && text[end] <= 'z') || text[end] == '_')) ++end;
  if (text.empty() || text[0] != '{' || end == 1 || end == text.size() || text[end] != '}') return {};
  return text.substr(1, end - 1);
}

// Takes `text` apart into plain pieces and words.
void walk(std::string_view text, const std::function<void(std::string_view)>& on_plain,
          const std::function<void(std::string_view)>& on_word) {
  while (!text.empty()) {
    const auto brace = std::min(text.find('{'), text.size());
    on_plain(text.substr(0, brace));
    text.remove_prefix(brace);
    if (const auto quoted = word_at(text.substr(std::min<std::size_t>(1, text.size())));
        !quoted.empty() && text.substr(quoted.size() + 3).starts_with('}')) {
      on_plain(text.substr(1, quoted.size() + 2));
      text.remove_prefix(quoted.size() + 4);
    } else if (const auto word = word_at(text); !word.empty()) {
      on_word(word);
      text.remove_prefix(word.size() + 2);
    } else if (!text.empty()) {
      on_plain(text.substr(0, 1));
      text.remove_prefix(1);
    }
  }
}

}  // namespace

std::optional<std::string> unknown_placeholder(std::string_view text) {
  std::optional<std::string> unknown;
  walk(
      text, [](std::string_view) {},
      [&](std::string_view word) {
        if (!unknown && find(word) == nullptr) unknown = word;
      });
  return unknown;
}

bool mentions(std::string_view text, std::string_view name) {
  bool found = false;
  walk(
      text, [](std::string_view) {}, [&](std::string_view word) { found = found || word == name; });
  return found;
}

std::string filled(std::string_view text, const Values& values) {
  std::string out;
  walk(
      text, [&](std::string_view plain) { out += plain; },
      [&](std::string_view word) {
        if (const Entry* entry = find(word)) out += values.*entry->second;
      });
  return out;
}

}  // namespace command
