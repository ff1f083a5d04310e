#include "plugin_check/schema_rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/json_reader.hpp"

namespace baton::plugin_check {
namespace {

using json::Value;
using Mistake = std::optional<std::string>;

constexpr int kDeepest = 64;  // deeper is a mistake of a generator, and would be a recursion as deep

Mistake wrong(const std::string& path, std::string_view what) {
  return fmt::format("{}: {}", path.empty() ? "the schema" : path, what);
}

std::string below(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

Mistake check_type(Value schema, const std::string& path) {
  const auto type = json::member(schema, "type");
  if (!type) return std::nullopt;
  constexpr std::array<std::string_view, 7> kTypes{"object", "array", "string", "integer", "number", "boolean", "null"};
  const auto name = json::text(schema, "type");
  if (!name || std::ranges::find(kTypes, *name) == kTypes.end()) return wrong(path, "type is not one name of a type");
  return std::nullopt;
}

// `least` and `most` are numbers, and leave something between them.
Mistake check_range(Value schema, const std::string& path, const char* least, const char* most, bool counts) {
  for (const char* name : {least, most}) {
    const auto given = json::member(schema, name);
    if (!given) continue;
    const auto number = json::number(schema, name);
    const bool whole = given->is_int64() || given->is_uint64();
    if (!number || (counts && (!whole || *number < 0)))
      return wrong(path, fmt::format("{} is not a{} number", name, counts ? " whole" : ""));
  }
  const auto from = json::number(schema, least), to = json::number(schema, most);
  if (from && to && *from > *to) return wrong(path, fmt::format("{} is more than {}", least, most));
  return std::nullopt;
}

Mistake check_required(Value schema, const std::string& path) {
  const auto required = json::member(schema, "required");
  if (!required) return std::nullopt;
  if (!required->is_array()) return wrong(path, "required is not a list");
  const auto closed = json::boolean(schema, "additionalProperties");
  const auto properties = json::member(schema, "properties");
  for (const Value one : required->get_array()) {
    if (!one.is_string()) return wrong(path, "required names something that is not text");
    const auto name = one.get_string().value_unsafe();
    const bool known = properties && json::member(*properties, name);
    if (!known && closed == false) return wrong(path, fmt::format("\"{}\" is required, but not allowed", name));
  }
  return std::nullopt;
}

Mistake check(Value schema, const std::string& path, int depth);

// Each member is a schema.
Mistake check_properties(Value schema, const std::string& path, int depth) {
  const auto properties = json::member(schema, "properties");
  if (!properties) return std::nullopt;
  if (!properties->is_object()) return wrong(path, "properties is not an object");
  for (const auto entry : properties->get_object()) {
    const auto place = below(below(path, "properties"), entry.key);
    if (auto mistake = check(entry.value, place, depth + 1)) return mistake;
  }
  return std::nullopt;
}

Mistake check_others(Value schema, const std::string& path, int depth) {
  if (const auto items = json::member(schema, "items")) {
    if (auto mistake = check(*items, below(path, "items"), depth + 1)) return mistake;
  }
  const auto more = json::member(schema, "additionalProperties");
  if (!more || more->is_bool()) return std::nullopt;
  return check(*more, below(path, "additionalProperties"), depth + 1);
}

Mistake check_enum(Value schema, const std::string& path) {
  const auto allowed = json::member(schema, "enum");
  if (!allowed) return std::nullopt;
  if (!allowed->is_array() || allowed->get_array().value_unsafe().size() == 0)
    return wrong(path, "enum is not a list of values");
  return std::nullopt;
}

Mistake check(Value schema, const std::string& path, int depth) {
  if (!schema.is_object()) return wrong(path, "is not an object");
  if (depth > kDeepest) return wrong(path, "is nested too deep");
  if (auto mistake = check_type(schema, path)) return mistake;
  if (auto mistake = check_enum(schema, path)) return mistake;
  if (auto mistake = check_range(schema, path, "minimum", "maximum", false)) return mistake;
  if (auto mistake = check_range(schema, path, "minLength", "maxLength", true)) return mistake;
  if (auto mistake = check_range(schema, path, "minItems", "maxItems", true)) return mistake;
  if (auto mistake = check_required(schema, path)) return mistake;
  if (auto mistake = check_properties(schema, path, depth)) return mistake;
  return check_others(schema, path, depth);
}

}  // namespace

std::optional<std::string> schema_mistake(std::string_view schema) {
  const auto document = json::Document::parse(schema);
  if (!document) return "it is not JSON: " + document.error().what;
  const auto root = document->root();
  if (const auto type = json::text(root, "type"); type && *type != "object")
    return "its type is not object, but a configuration always is one";
  return check(root, "", 0);
}

}  // namespace baton::plugin_check
