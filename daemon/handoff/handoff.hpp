// AGENT_HANDOFF.json: what the one who stops working leaves for the one who goes on (FORMATS.md). Anyone may write it:
// a runtime, a person, the daemon for a runtime that did not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/fields.hpp"
#include "base/json_writer.hpp"

namespace baton::handoff {

// A key that may be absent, null or there; the file keeps the difference.
template <class T>
class Nullable {
 public:
  Nullable() = default;                       // absent
  Nullable(std::nullptr_t) : given_(true) {}  // null
  Nullable(T value) : given_(true), value_(std::move(value)) {}

  bool given() const { return given_; }
  const std::optional<T>& value() const { return value_; }
  friend bool operator==(const Nullable&, const Nullable&) = default;

 private:
  bool given_ = false;
  std::optional<T> value_;
};

struct Commands {
  std::string init = "./init.sh";
  std::string verify, start;  // empty: none
  friend bool operator==(const Commands&, const Commands&) = default;
};

struct RoomCursor {
  std::string room_id;
  std::int64_t last_seen_seq = 0;
  friend bool operator==(const RoomCursor&, const RoomCursor&) = default;
};

struct Handoff {
  std::string handoff_from;  // who stopped
  std::string runtime;       // what it ran on; free text, "human" for people
  std::string timestamp;     // ISO 8601 by custom, not checked
  std::vector<std::string> completed_subtasks;
  std::vector<std::string> broken_or_unverified;
  std::string next_best_step;
  Nullable<std::string> why_blocked;
  Commands commands;
  Nullable<std::string> test_results, lint_results;  // under "evidence"
  std::vector<std::string> warnings;
  Nullable<std::string> native_session_id;  // of `runtime`; means nothing to another one
  Nullable<RoomCursor> room_cursor;
  friend bool operator==(const Handoff&, const Handoff&) = default;
};

// What a hand-off may hold, for the OpenAPI document; parse_handoff() reads by it.
std::span<const Field> handoff_fields();

// Reads a request's body, as read_fields() does. `timestamp` stands in for one that is missing or says nothing (null,
// "", 0, false).
tl::expected<Handoff, InvalidBody> parse_handoff(std::string_view body, std::string_view timestamp);

// Reads the file. Nobody can be asked to write it again, so what a program may have put there unawares is repaired: a
// byte order mark goes, broken UTF-8 and NUL become U+FFFD.
tl::expected<Handoff, InvalidBody> parse_handoff_file(std::string_view content, std::string_view timestamp);

// All problems in one sentence, for logs and warnings.
std::string describe(const InvalidBody& invalid);

// The file's text: two spaces, a newline at the end, absent keys left out.
std::string render_handoff(const Handoff& handoff);

// The same as one value of an answer.
void to_json(json::Writer& json, const Handoff& handoff);

}  // namespace baton::handoff
