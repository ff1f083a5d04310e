#include "handoff/progress.hpp"

#include "base/text.hpp"

namespace baton::handoff {
namespace {

bool is_item(std::string_view line) {
  return line.size() >= 2 && (line[0] == '-' || line[0] == '*' || line[0] == '+') &&
         (line[1] == ' ' || line[1] == '\t');
}

bool is_placeholder_item(std::string_view item) {
  return item.size() >= 2 && item.front() == '_' && item.back() == '_';
}

void drop_placeholders(std::vector<std::string>& items) {
  std::erase_if(items, [](const std::string& item) { return item.empty() || is_placeholder_item(item); });
}

}  // namespace

Progress parse_progress(std::string_view progress_md) {
  Progress progress;
  std::vector<std::string>* section = nullptr;
  bool in_item = false;
  for (const auto line : text::lines(progress_md)) {
    const auto content = text::trimmed(line);
    if (line.starts_with('#')) {
      section = content == "## Done" ? &progress.done : content == "## Blocked" ? &progress.blocked : nullptr;
      in_item = false;
    } else if (section != nullptr && is_item(line)) {
      section->emplace_back(text::trimmed(line.substr(1)));
      in_item = true;
    } else if (section != nullptr && in_item && !content.empty() && (line[0] == ' ' || line[0] == '\t')) {
      section->back().append(" ").append(content);
    } else if (!content.empty()) {
      in_item = false;
    }
  }
  drop_placeholders(progress.done);
  drop_placeholders(progress.blocked);
  return progress;
}

}  // namespace baton::handoff
