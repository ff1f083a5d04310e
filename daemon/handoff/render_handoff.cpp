#include "handoff/handoff.hpp"

#include "base/text.hpp"

namespace baton::handoff {
namespace {

template <class Writer, class T>
void optional_field(Writer& json, std::string_view name, const Nullable<T>& content) {
  if (content.given()) json.field(name, content.value());
}

// Both writers, one order of keys: that of the contract (§4.6).
template <class Writer>
void write(Writer& json, const Handoff& handoff) {
  json.object().field("handoffFrom", handoff.handoff_from).field("runtime", handoff.runtime);
  json.field("timestamp", handoff.timestamp);
  json.field("completedSubtasks", handoff.completed_subtasks);
  json.field("brokenOrUnverified", handoff.broken_or_unverified);
  json.field("nextBestStep", handoff.next_best_step);
  optional_field(json, "whyBlocked", handoff.why_blocked);
  json.key("commands").object().field("init", handoff.commands.init);
  json.field("verify", handoff.commands.verify).field("start", handoff.commands.start).end();
  json.key("evidence").object();
  optional_field(json, "testResults", handoff.test_results);
  optional_field(json, "lintResults", handoff.lint_results);
  json.end().field("warnings", handoff.warnings);
  optional_field(json, "nativeSessionId", handoff.native_session_id);
  if (const auto& cursor = handoff.room_cursor; cursor.value()) {
    json.key("roomCursor").object().field("roomId", cursor.value()->room_id);
    json.field("lastSeenSeq", cursor.value()->last_seen_seq).end();
  } else if (cursor.given()) {
    json.field("roomCursor", nullptr);
  }
  json.end();
}

}  // namespace

std::string render_handoff(const Handoff& handoff) {
  std::string text;
  json::PrettyWriter json(text);
  write(json, handoff);
  return text::repaired_utf8(text += '\n');  // a summary may come from anywhere; the file is read by strict parsers
}

void to_json(json::Writer& json, const Handoff& handoff) { write(json, handoff); }

}  // namespace baton::handoff
