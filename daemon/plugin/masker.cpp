#include "plugin/masker.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace baton::plugin {
namespace {

// As it stands between the quotes of a JSON text.
std::string escaped(std::string_view value) {
  std::string quoted;
  json::Writer(quoted).value(text::repaired_utf8(value));
  return quoted.substr(1, quoted.size() - 2);
}

using Span = std::pair<std::size_t, std::size_t>;  // from, behind

void find_all(std::string_view text, std::string_view value, std::vector<Span>& found) {
  for (auto at = text.find(value); at != std::string_view::npos; at = text.find(value, at + 1))
    found.emplace_back(at, at + value.size());
}

// A part of `value` with which the text begins, and one with which it ends.
void find_cut(std::string_view text, std::string_view value, std::vector<Span>& found) {
  const std::size_t longest = std::min(text.size(), value.size() - 1);
  for (std::size_t size = longest; size >= Masker::kShortest; --size) {
    if (!text.starts_with(value.substr(value.size() - size))) continue;
    found.emplace_back(0, size);
    break;
  }
  for (std::size_t size = longest; size >= Masker::kShortest; --size) {
    if (!text.ends_with(value.substr(0, size))) continue;
    found.emplace_back(text.size() - size, text.size());
    break;
  }
}

}  // namespace

void Masker::add(std::string_view value) {
  if (value.size() < kShortest) return;
  values_.emplace_back(value);
  if (auto inside = escaped(value); inside != value) values_.push_back(std::move(inside));
}

bool Masker::mask(std::string& text) const {
  std::vector<Span> found;
  for (const auto& value : values_) {
    find_all(text, value, found);
    find_cut(text, value, found);
  }
  if (found.empty()) return false;
  std::ranges::sort(found);
  std::string rest;
  std::size_t shown = 0;  // what lies before was shown or masked
  for (const auto& [from, behind] : found) {
    if (from > shown || rest.empty()) rest.append(text, shown, from - shown).append(kMask);
    shown = std::max(shown, behind);
  }
  text = rest.append(text, shown);
  return true;
}

void Masker::mask_json(std::string& json) const {
  if (mask(json) && !json::Document::parse(json)) json = "\"" + std::string(kMask) + "\"";  // it was a number
}

void Masker::mask_texts(runtime::Event& event) const {
  struct Texts {
    const Masker& masker;
    void operator()(runtime::TextEvent& e) const { masker.mask(e.text); }
    void operator()(runtime::ToolCallEvent& e) const {
      masker.mask(e.call_id);
      masker.mask(e.name);
      masker.mask_json(e.args_json);
    }
    void operator()(runtime::ToolResultEvent& e) const {
      masker.mask(e.call_id);
      masker.mask(e.text);
    }
    void operator()(runtime::StatusEvent& e) const { masker.mask(e.text); }
    void operator()(runtime::UsageEvent&) const {}
    void operator()(runtime::SessionEvent& e) const { masker.mask(e.display_id); }
    void operator()(runtime::CustomEvent& e) const {
      masker.mask(e.name);
      masker.mask_json(e.json);
    }
  };
  std::visit(Texts{*this}, event);
}

void Masker::mask(runtime::Outcome& outcome) const {
  if (empty()) return;
  mask(outcome.summary);
  mask(outcome.detail);
}

}  // namespace baton::plugin
