#include <cmath>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "handoff/handoff.hpp"

namespace baton::handoff {
namespace {

using json::Value;

// Collects what is wrong with the members of one object. `field` is the top-level name that problems are listed under;
// inside a nested object the member's own name goes into the message.
class MemberReader {
 public:
  MemberReader(Value object, InvalidBody& invalid) : object_(object), invalid_(invalid) {}
  MemberReader(Value object, InvalidBody& invalid, std::string_view field)
      : object_(object), invalid_(invalid), field_(field) {}

  void required_text(std::string_view name, std::string& into) {
    const auto value = find(name);
    if (!value) return problem(name, "is required");
    text(name, into);
    if (value->is_string() && into.empty()) problem(name, "must have at least 1 character(s)");
  }
  void text(std::string_view name, std::string& into) {
    const auto value = find(name);
    std::string_view content;
    if (!value) return;
    if (value->get(content)) return wrong_type(name, "text", *value);
    into = content;
  }
  void nullable_text(std::string_view name, Nullable<std::string>& into) {
    const auto value = find(name);
    std::string_view content;
    if (!value) return;
    if (value->is_null()) {
      into = nullptr;
    } else if (value->get(content)) {
      wrong_type(name, "text or null", *value);
    } else {
      into = std::string(content);
    }
  }
  void texts(std::string_view name, std::vector<std::string>& into) {
    const auto value = find(name);
    if (!value) return;
    if (!value->is_array()) return wrong_type(name, "an array of texts", *value);
    std::size_t index = 0;
    for (const Value item : simdjson::dom::array(*value)) {
      std::string_view content;
      if (item.get(content)) wrong_type(fmt::format("{}[{}]", name, index), "text", item);
      into.emplace_back(content);
      ++index;
    }
  }
  void count(std::string_view name, std::int64_t& into) {
    const auto value = find(name);
    if (!value) return problem(name, "is required");
    constexpr double kExact = 9007199254740992.0;  // 2^53; 3.0 is as whole a number as 3
    double number = 0;
    if (value->get(number)) return wrong_type(name, "a whole number", *value);
    if (!(std::abs(number) < kExact) || number != static_cast<double>(static_cast<std::int64_t>(number))) {
      return problem(name, "must be a whole number below 2^53");
    }
    into = static_cast<std::int64_t>(number);
    if (into < 0) problem(name, "must be at least 0");
  }
  // The member as an object; nothing when it is absent or was refused.
  std::optional<Value> object(std::string_view name) {
    const auto value = find(name);
    if (!value || value->is_object()) return value;
    wrong_type(name, "an object", *value);
    return std::nullopt;
  }
  std::optional<Value> find(std::string_view name) const {
    std::optional<Value> found;
    for (const auto [key, value] : simdjson::dom::object(object_)) {
      if (key == name) found = value;
    }
    return found;
  }

 private:
  void problem(std::string_view name, std::string_view what) {
    if (field_.empty()) {
      const auto top = name.substr(0, name.find('['));
      auto message = top.size() == name.size() ? std::string(what) : fmt::format("{} {}", name, what);
      invalid_.field_errors.emplace_back(top, std::move(message));
    } else {
      invalid_.field_errors.emplace_back(field_, fmt::format("{} {}", name, what));
    }
  }
  void wrong_type(std::string_view name, std::string_view wanted, Value value) {
    problem(name, fmt::format("must be {}, is {}", wanted, json::type_name(value)));
  }

  Value object_;
  InvalidBody& invalid_;
  std::string_view field_;
};

// What a JavaScript client would call falsy: the timestamp was left to us.
bool says_nothing(const std::optional<Value>& value) {
  if (!value || value->is_null()) return true;
  std::string_view text;
  bool truth = true;
  double number = 1;
  if (!value->get(text)) return text.empty();
  if (!value->get(truth)) return !truth;
  return !value->get(number) && number == 0;
}

void read_nested(MemberReader& top, InvalidBody& invalid, Handoff& handoff) {
  if (const auto commands = top.object("commands")) {
    MemberReader reader(*commands, invalid, "commands");
    reader.text("init", handoff.commands.init);
    reader.text("verify", handoff.commands.verify);
    reader.text("start", handoff.commands.start);
  }
  if (const auto evidence = top.object("evidence")) {
    MemberReader reader(*evidence, invalid, "evidence");
    reader.nullable_text("testResults", handoff.test_results);
    reader.nullable_text("lintResults", handoff.lint_results);
  }
  const auto cursor = top.find("roomCursor");
  if (cursor && cursor->is_null()) {
    handoff.room_cursor = nullptr;
  } else if (const auto object = top.object("roomCursor")) {
    MemberReader reader(*object, invalid, "roomCursor");
    RoomCursor read;
    if (!reader.find("roomId")) invalid.field_errors.emplace_back("roomCursor", "roomId is required");
    reader.text("roomId", read.room_id);
    reader.count("lastSeenSeq", read.last_seen_seq);
    handoff.room_cursor = std::move(read);
  }
}

tl::unexpected<InvalidBody> refused(std::string what) {
  return tl::unexpected(InvalidBody{.form_errors = {std::move(what)}, .field_errors = {}});
}

}  // namespace

tl::expected<Handoff, InvalidBody> parse_handoff(std::string_view text, std::string_view timestamp) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::string valid = text::repaired_utf8(text);
  const auto document = json::Document::parse(text::trimmed(valid).empty() ? std::string_view("{}") : valid);
  if (!document) return refused("not JSON: " + document.error().what);
  const Value root = document->root();
  if (!root.is_object()) return refused(fmt::format("must be an object, is {}", json::type_name(root)));

  Handoff handoff;
  InvalidBody invalid;
  MemberReader top(root, invalid);
  top.required_text("handoffFrom", handoff.handoff_from);
  top.required_text("runtime", handoff.runtime);
  if (says_nothing(top.find("timestamp"))) {
    handoff.timestamp = timestamp;
  } else {
    top.text("timestamp", handoff.timestamp);
  }
  top.texts("completedSubtasks", handoff.completed_subtasks);
  top.texts("brokenOrUnverified", handoff.broken_or_unverified);
  top.text("nextBestStep", handoff.next_best_step);
  top.nullable_text("whyBlocked", handoff.why_blocked);
  top.texts("warnings", handoff.warnings);
  top.nullable_text("nativeSessionId", handoff.native_session_id);
  read_nested(top, invalid, handoff);
  if (!invalid.field_errors.empty()) return tl::unexpected(std::move(invalid));
  return handoff;
}

std::string describe(const InvalidBody& invalid) {
  std::string sentence;
  const auto add = [&](const std::string& problem) { sentence += (sentence.empty() ? "" : "; ") + problem; };
  for (const auto& problem : invalid.form_errors) add(problem);
  for (const auto& [field, problem] : invalid.field_errors) add(field + ": " + problem);
  return sentence;
}

}  // namespace baton::handoff
