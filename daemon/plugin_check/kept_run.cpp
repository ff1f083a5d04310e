#include "plugin_check/kept_run.hpp"

#include <variant>

#include <fmt/format.h>

#include "base/text.hpp"

namespace baton::plugin_check {
namespace {

struct Lines {
  std::string operator()(const runtime::TextEvent& e) const {
    return fmt::format("{} {}", e.reasoning ? "reasoning" : "text", e.text);
  }
  std::string operator()(const runtime::ToolCallEvent& e) const {
    return fmt::format("tool_call {} {} {}", e.call_id, e.name, e.args_json);
  }
  std::string operator()(const runtime::ToolResultEvent& e) const {
    return fmt::format("tool_result {} {} {}", e.call_id, e.ok, e.text);
  }
  std::string operator()(const runtime::StatusEvent& e) const {
    return fmt::format("status {} {}", e.text, e.retry_in_ns);
  }
  std::string operator()(const runtime::UsageEvent& e) const {
    return fmt::format("usage {} {} {} {} {} {}", e.estimated, e.tokens_in, e.tokens_cached, e.tokens_out,
                       e.tokens_reasoning, e.cost_micros);
  }
  std::string operator()(const runtime::SessionEvent& e) const {
    return fmt::format("session {} {}", e.display_id, e.resume);
  }
  std::string operator()(const runtime::CustomEvent& e) const { return fmt::format("custom {} {}", e.name, e.json); }
};

}  // namespace

std::string line_of(const runtime::Event& event) { return std::visit(Lines{}, event); }

std::string KeptRun::words() const {
  std::string all;
  for (const auto& event : events) {
    const auto* text = std::get_if<runtime::TextEvent>(&event);
    if (text != nullptr && !text->reasoning) all += text->text;
  }
  return all;
}

std::vector<std::string> KeptRun::statuses() const {
  std::vector<std::string> all;
  for (const auto& event : events) {
    if (const auto* status = std::get_if<runtime::StatusEvent>(&event)) all.push_back(status->text);
  }
  return all;
}

std::optional<runtime::SessionEvent> KeptRun::session() const {
  std::optional<runtime::SessionEvent> last;
  for (const auto& event : events) {
    if (const auto* session = std::get_if<runtime::SessionEvent>(&event)) last = *session;
  }
  return last;
}

std::string KeptRun::how() const {
  if (!refusal.empty()) return "refused: " + text::shortened(refusal);
  if (!outcome) return "still going on";
  if (outcome->error_class == runtime::ErrorClass::kNone) return std::string(to_text(outcome->end));
  return fmt::format("{} ({}): {}", to_text(outcome->end), to_text(outcome->error_class),
                     text::shortened(outcome->detail));
}

}  // namespace baton::plugin_check
