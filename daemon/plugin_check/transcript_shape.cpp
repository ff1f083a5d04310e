#include "plugin_check/transcript_shape.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace baton::plugin_check {
namespace {

struct Member {
  std::string_view name, type;  // "texts": an array of them; "integer"; else as json::type_name
};

constexpr std::array kRoot{Member{"kind", "text"},    Member{"argv", "texts"},    Member{"pieces", "array"},
                           Member{"exit", "object"},  Member{"hangs", "boolean"}, Member{"on_signal", "object"},
                           Member{"expect", "object"}};
constexpr std::array kPiece{Member{"text", "text"},           Member{"file", "text"},
                            Member{"stream", "text"},         Member{"after_ms", "integer"},
                            Member{"after_lines", "integer"}, Member{"after_stdin_end", "boolean"}};
constexpr std::array kExit{Member{"code", "integer"}, Member{"signal", "integer"}};
constexpr std::array kReaction{Member{"pieces", "array"}, Member{"exit", "object"}};
constexpr std::array kExpect{Member{"result", "text"},        Member{"error", "text"},
                             Member{"words", "texts"},        Member{"tokens_in", "integer"},
                             Member{"tokens_out", "integer"}, Member{"cost_micros", "integer"}};
constexpr std::array<std::string_view, 10> kKinds{"",      "happy",        "probe",     "auth",     "limit",
                                                  "retry", "session-lost", "two-turns", "approval", "fork"};

using Fault = std::optional<std::string>;

bool is_of(json::Value value, std::string_view type) {
  if (type == "integer") return value.is_int64();
  if (type != "texts") return json::type_name(value) == type;
  if (!value.is_array()) return false;
  const auto list = value.get_array().value_unsafe();
  return std::all_of(list.begin(), list.end(), [](json::Value one) { return one.is_string(); });
}

Fault wrong_member(json::Value object, std::span<const Member> members, const std::string& where) {
  if (!object.is_object()) return fmt::format("{} is not an object", where);
  for (const auto [name, value] : object.get_object()) {
    const auto known = std::ranges::find(members, name, &Member::name);
    if (known == members.end()) return fmt::format("unknown member \"{}\" in {}", name, where);
    if (!is_of(value, known->type))
      return fmt::format("\"{}\" in {} is not {} {}", name, where, known->type == "texts" ? "an array of" : "of type",
                         known->type);
  }
  return std::nullopt;
}

// The members `pieces` and `exit` of a transcript or of what a signal does.
Fault wrong_course(json::Value object, const std::string& prefix) {
  if (const auto exit = json::member(object, "exit")) {
    if (auto wrong = wrong_member(*exit, kExit, prefix + "exit")) return wrong;
  }
  const auto pieces = json::member(object, "pieces");
  if (!pieces) return std::nullopt;
  std::size_t index = 0;
  for (const auto piece : pieces->get_array()) {
    if (auto wrong = wrong_member(piece, kPiece, fmt::format("{}pieces[{}]", prefix, index++))) return wrong;
  }
  return std::nullopt;
}

Fault wrong_reaction(json::Value root) {
  const auto reactions = json::member(root, "on_signal");
  if (!reactions) return std::nullopt;
  for (const auto [name, reaction] : reactions->get_object()) {
    const auto where = fmt::format("on_signal.{}", name);
    if (auto wrong = wrong_member(reaction, kReaction, where)) return wrong;
    if (auto wrong = wrong_course(reaction, where + ".")) return wrong;
  }
  return std::nullopt;
}

// What no program says cannot be what a check plays it for.
Fault wrong_kind(json::Value root) {
  const auto kind = json::text(root, "kind").value_or("");
  if (std::ranges::find(kKinds, kind) == kKinds.end())
    return fmt::format("unknown kind \"{}\"; there are {}", kind, fmt::join(std::span(kKinds).subspan(1), ", "));
  const auto pieces = json::member(root, "pieces");
  if (kind == "approval" && (!pieces || pieces->get_array().size() == 0))
    return "it is of kind \"approval\", and has no pieces in which its program asks";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> misshapen(json::Value transcript) {
  if (auto wrong = wrong_member(transcript, kRoot, "the transcript")) return wrong;
  if (auto wrong = wrong_kind(transcript)) return wrong;
  if (auto wrong = wrong_course(transcript, "")) return wrong;
  if (auto wrong = wrong_reaction(transcript)) return wrong;
  const auto expect = json::member(transcript, "expect");
  return expect ? wrong_member(*expect, kExpect, "expect") : std::nullopt;
}

std::string broken_at(std::string_view text) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::BaseReaderHandler<> ignores;
  rapidjson::Reader reader;
  const auto parsed =
      reader.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(stream, ignores);
  if (!parsed.IsError()) return "";
  const auto before = text.substr(0, parsed.Offset());
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return fmt::format("line {}, column {}: {}", line, before.size() - start + 1,
                     rapidjson::GetParseError_En(parsed.Code()));
}

}  // namespace baton::plugin_check
