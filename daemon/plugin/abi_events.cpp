#include "plugin/abi_events.hpp"

#include <algorithm>
#include <utility>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "plugin/abi_values.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kEvent = 1024 * 1024, kResume = 4096, kOutcomeText = 64 * 1024;
constexpr std::int64_t kLongestRetryNs = std::int64_t{24} * 3600 * 1'000'000'000;

// Copies the texts of one event, minding their common limit.
class Reader {
 public:
  explicit Reader(Translation& result) : result_(result) {}

  template <class T>
  bool copy(const baton_event* raw, T& into) {
    const auto status = read_struct(raw, raw->size, into);
    return status == BATON_OK || refuse(status, "the event's size does not fit its kind");
  }
  bool text(baton_str from, std::string& into) {
    if (!readable(from)) return refuse(BATON_E_INVALID, "a text has no data");
    if (from.size > kEvent - used_) return refuse(BATON_E_LIMIT, "an event has more than 1 MiB of text");
    used_ += from.size;
    const auto bytes = view(from);
    if (text::is_utf8(bytes)) {
      into.assign(bytes);
      return true;
    }
    result_.repaired = true;
    into = text::repaired_utf8(bytes);
    return true;
  }
  bool json(baton_str from, std::string& into) {
    if (!text(from, into)) return false;
    if (into.empty()) into = "{}";
    return json::Document::parse(into).has_value() || refuse(BATON_E_INVALID, "args_json or json is no JSON");
  }
  std::size_t used() const { return used_; }
  bool refuse(baton_status status, const char* why) {
    result_.status = status;
    result_.why = why;
    return false;
  }

 private:
  Translation& result_;
  std::size_t used_ = 0;  // at most kEvent
};

void read_text(Reader& reader, const baton_event* raw, runtime::Event& into) {
  baton_event_text from;
  auto& event = into.emplace<runtime::TextEvent>();
  if (!reader.copy(raw, from) || !reader.text(from.text, event.text)) return;
  event.reasoning = from.channel == BATON_CHANNEL_REASONING;
}

void read_tool_call(Reader& reader, const baton_event* raw, runtime::Event& into) {
  baton_event_tool_call from;
  auto& event = into.emplace<runtime::ToolCallEvent>();
  (void)(reader.copy(raw, from) && reader.text(from.call_id, event.call_id) && reader.text(from.name, event.name) &&
         reader.json(from.args_json, event.args_json));
}

void read_tool_result(Reader& reader, const baton_event* raw, runtime::Event& into) {
  baton_event_tool_result from;
  auto& event = into.emplace<runtime::ToolResultEvent>();
  if (!reader.copy(raw, from) || !reader.text(from.call_id, event.call_id) || !reader.text(from.text, event.text))
    return;
  event.ok = from.ok != 0;
}

void read_status(Reader& reader, const baton_event* raw, runtime::Event& into) {
  baton_event_status from;
  auto& event = into.emplace<runtime::StatusEvent>();
  if (!reader.copy(raw, from) || !reader.text(from.text, event.text)) return;
  event.retry_in_ns = std::clamp<std::int64_t>(from.retry_in_ns, 0, kLongestRetryNs);
}

void read_usage(Reader& reader, const baton_event* raw, runtime::Event& into) {
  baton_event_usage from;
  if (!reader.copy(raw, from)) return;
  const auto known = [](std::int64_t number) { return std::max<std::int64_t>(number, -1); };
  into = runtime::UsageEvent{from.cost_basis == BATON_COST_ESTIMATED,
                             known(from.tokens_in),
                             known(from.tokens_cached),
                             known(from.tokens_out),
                             known(from.tokens_reasoning),
                             known(from.cost_micros)};
}

void read_session(Reader& reader, const baton_event* raw, runtime::Event& into) {
  baton_event_session from;
  auto& event = into.emplace<runtime::SessionEvent>();
  if (!reader.copy(raw, from) || !reader.text(from.display_id, event.display_id) ||
      !reader.text(from.resume, event.resume))
    return;
  if (event.resume.size() > kResume) reader.refuse(BATON_E_LIMIT, "a resume token has more than 4 KiB");
}

void read_custom(Reader& reader, const baton_event* raw, runtime::Event& into) {
  baton_event_custom from;
  auto& event = into.emplace<runtime::CustomEvent>();
  (void)(reader.copy(raw, from) && reader.text(from.name, event.name) && reader.json(from.json, event.json));
}

}  // namespace

Translation read_event(const baton_event* raw, runtime::Event& into) {
  Translation result;
  Reader reader(result);
  if (raw == nullptr || raw->size < sizeof(baton_event)) {
    reader.refuse(BATON_E_INVALID, "the event's size is too small");
    return result;
  }
  switch (raw->kind) {
    case BATON_EVENT_TEXT: read_text(reader, raw, into); break;
    case BATON_EVENT_TOOL_CALL: read_tool_call(reader, raw, into); break;
    case BATON_EVENT_TOOL_RESULT: read_tool_result(reader, raw, into); break;
    case BATON_EVENT_STATUS: read_status(reader, raw, into); break;
    case BATON_EVENT_USAGE: read_usage(reader, raw, into); break;
    case BATON_EVENT_SESSION: read_session(reader, raw, into); break;
    case BATON_EVENT_CUSTOM: read_custom(reader, raw, into); break;
    default: reader.refuse(BATON_E_INVALID, "an event of an unknown kind"); break;
  }
  constexpr std::size_t kRepaired = 3;  // bytes that stand for a broken one
  result.size = reader.used() * (result.repaired ? kRepaired : 1);
  return result;
}

Translation read_outcome(const baton_outcome* raw, runtime::Outcome& into) {
  Translation result;
  baton_outcome from{};
  result.status = read_struct(raw, raw == nullptr ? 0 : raw->size, from);
  if (result.status == BATON_OK &&
      (from.result < BATON_RESULT_SUCCESS || from.result > BATON_RESULT_FAILED ||
       from.error_class > BATON_ERROR_INTERNAL || !readable(from.summary) || !readable(from.detail)))
    result.status = BATON_E_INVALID;
  if (result.status != BATON_OK) {
    result.why = "the outcome breaks the contract";
    return result;
  }
  into.end = static_cast<runtime::EndKind>(from.result);
  into.error_class = static_cast<runtime::ErrorClass>(from.error_class);
  into.retryable = from.retryable != 0;
  into.retry_after_ns = std::max<std::int64_t>(from.retry_after_ns, -1);
  const auto summary = text::head(view(from.summary), kOutcomeText);
  const auto detail = text::tail(view(from.detail), kOutcomeText);
  result.repaired = !text::is_utf8(summary) || !text::is_utf8(detail);
  into.summary = text::repaired_utf8(summary);
  into.detail = text::repaired_utf8(detail);
  return result;
}

}  // namespace baton::plugin
