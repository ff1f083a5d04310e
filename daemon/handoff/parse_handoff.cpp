#include <limits>

#include "base/text.hpp"
#include "handoff/handoff.hpp"

namespace baton::handoff {
namespace {

constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();  // the body's limit is the only one
constexpr std::int64_t kLargestExact = (std::int64_t{1} << 53) - 1;          // of a client in JavaScript

constexpr Field kCommands[] = {
    {.name = "init", .about = "./init.sh when not given"},
    {.name = "verify"},
    {.name = "start"},
};
constexpr Field kEvidence[] = {
    {.name = "testResults", .nullable = true},
    {.name = "lintResults", .nullable = true},
};
constexpr Field kRoomCursor[] = {
    {.name = "roomId", .required = true},
    {.name = "lastSeenSeq", .kind = Kind::kInteger, .required = true, .min = 0, .max = kLargestExact},
};

constexpr Field kHandoff[] = {
    {.name = "handoffFrom", .required = true, .min = 1, .about = "who stopped"},
    {.name = "runtime", .required = true, .min = 1, .about = "what it ran on; \"human\" for people"},
    {.name = "timestamp", .falsy_is_absent = true, .about = "ISO 8601 by custom; now when not given"},
    {.name = "completedSubtasks", .kind = Kind::kTexts, .most_texts = kAnyNumber},
    {.name = "brokenOrUnverified", .kind = Kind::kTexts, .most_texts = kAnyNumber},
    {.name = "nextBestStep"},
    {.name = "whyBlocked", .nullable = true},
    {.name = "commands", .kind = Kind::kObject, .members = kCommands},
    {.name = "evidence", .kind = Kind::kObject, .members = kEvidence},
    {.name = "warnings", .kind = Kind::kTexts, .most_texts = kAnyNumber},
    {.name = "nativeSessionId", .nullable = true, .about = "of the runtime; means nothing to another one"},
    {.name = "roomCursor", .kind = Kind::kObject, .nullable = true, .members = kRoomCursor},
};

Nullable<std::string> nullable_text(const Fields& fields, std::string_view name) {
  if (!fields.has(name)) return {};
  if (fields.is_null(name)) return nullptr;
  return *fields.text(name);
}

void read_nested(const Fields& fields, Handoff& handoff) {
  if (const Fields* commands = fields.object("commands")) {
    handoff.commands.init = commands->text("init").value_or(handoff.commands.init);
    handoff.commands.verify = commands->text("verify").value_or("");
    handoff.commands.start = commands->text("start").value_or("");
  }
  if (const Fields* evidence = fields.object("evidence")) {
    handoff.test_results = nullable_text(*evidence, "testResults");
    handoff.lint_results = nullable_text(*evidence, "lintResults");
  }
  if (fields.is_null("roomCursor")) handoff.room_cursor = nullptr;
  if (const Fields* cursor = fields.object("roomCursor")) {
    handoff.room_cursor = RoomCursor{cursor->need_text("roomId"), *cursor->integer("lastSeenSeq")};
  }
}

// The escape of NUL, which JSON allows and nothing that reads a text expects, becomes that of U+FFFD. Outside of texts
// JSON has no backslash.
std::string without_nul(std::string json) {
  constexpr std::string_view kNul = "\\u0000";
  for (std::size_t at = json.find('\\'); at != std::string::npos; at = json.find('\\', at + 2)) {
    if (std::string_view(json).substr(at).starts_with(kNul)) json.replace(at, kNul.size(), "\\ufffd");
  }
  return json;
}

}  // namespace

std::span<const Field> handoff_fields() { return kHandoff; }

tl::expected<Handoff, InvalidBody> parse_handoff(std::string_view body, std::string_view timestamp) {
  const auto fields = read_fields(kHandoff, body);
  if (!fields) return tl::unexpected(fields.error());
  Handoff handoff;
  handoff.handoff_from = fields->need_text("handoffFrom");
  handoff.runtime = fields->need_text("runtime");
  handoff.timestamp = fields->text("timestamp").value_or(std::string(timestamp));
  handoff.completed_subtasks = fields->texts("completedSubtasks");
  handoff.broken_or_unverified = fields->texts("brokenOrUnverified");
  handoff.next_best_step = fields->text("nextBestStep").value_or("");
  handoff.why_blocked = nullable_text(*fields, "whyBlocked");
  handoff.warnings = fields->texts("warnings");
  handoff.native_session_id = nullable_text(*fields, "nativeSessionId");
  read_nested(*fields, handoff);
  return handoff;
}

tl::expected<Handoff, InvalidBody> parse_handoff_file(std::string_view content, std::string_view timestamp) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  return parse_handoff(without_nul(text::repaired_utf8(content)), timestamp);
}

std::string describe(const InvalidBody& invalid) {
  std::string sentence;
  const auto add = [&](const std::string& problem) { sentence += (sentence.empty() ? "" : "; ") + problem; };
  for (const auto& problem : invalid.form_errors) add(problem);
  for (const auto& [field, problem] : invalid.field_errors) add(field + ": " + problem);
  return sentence;
}

}  // namespace baton::handoff
