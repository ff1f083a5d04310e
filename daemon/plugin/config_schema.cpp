#include "plugin/config_schema.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json_reader.hpp"

namespace baton::plugin {
namespace {

using json::Value;
using Misfit = std::optional<std::string>;

Misfit wrong(const std::string& path, std::string_view what) {
  return fmt::format("{}: {}", path.empty() ? "the configuration" : path, what);
}

bool has_type(Value value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  return true;  // not a type of JSON Schema: nothing to check
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) != 0x80u; }));
}

Misfit check_size(Value schema, std::size_t size, const std::string& path, std::string_view least,
                  std::string_view most) {
  const auto smallest = json::integer(schema, least), largest = json::integer(schema, most);
  const auto given = static_cast<std::int64_t>(size);
  if (smallest && given < *smallest)
    return wrong(path, fmt::format("must have at least {} ({} given)", *smallest, given));
  if (largest && given > *largest) return wrong(path, fmt::format("must have at most {} ({} given)", *largest, given));
  return std::nullopt;
}

Misfit check_number(Value schema, double number, const std::string& path) {
  const auto least = json::number(schema, "minimum"), most = json::number(schema, "maximum");
  if (least && number < *least) return wrong(path, fmt::format("must be at least {}", *least));
  if (most && number > *most) return wrong(path, fmt::format("must be at most {}", *most));
  return std::nullopt;
}

Misfit check_enum(Value schema, Value value, const std::string& path) {
  const auto allowed = json::member(schema, "enum");
  if (!allowed || !allowed->is_array()) return std::nullopt;
  const std::string given = simdjson::minify(value);
  std::string all;
  const simdjson::dom::array values = allowed->get_array().value_unsafe();
  for (const Value one : values) {
    if (simdjson::minify(one) == given) return std::nullopt;
    all += (all.empty() ? "" : ", ") + simdjson::minify(one);
  }
  return wrong(path, "must be one of " + all);
}

Misfit check(Value schema, Value value, const std::string& path);

Misfit check_object(Value schema, simdjson::dom::object object, const std::string& path) {
  const auto below = [&](std::string_view key) {
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
  };
  for (const auto& name : json::texts(schema, "required")) {
    if (object.at_key(name).error() != simdjson::SUCCESS) return wrong(below(name), "is required");
  }
  const auto properties = json::member(schema, "properties");
  const auto others = json::member(schema, "additionalProperties");
  for (const auto entry : object) {
    const auto known = properties ? json::member(*properties, entry.key) : std::nullopt;
    if (!known && others && others->is_bool() && !others->get_bool().value_unsafe())
      return wrong(below(entry.key), "is not a known setting");
    const auto rule = known ? known : others;
    if (!rule || !rule->is_object()) continue;
    if (auto misfit = check(*rule, entry.value, below(entry.key))) return misfit;
  }
  return std::nullopt;
}

Misfit check_array(Value schema, simdjson::dom::array array, const std::string& path) {
  if (auto misfit = check_size(schema, array.size(), path, "minItems", "maxItems")) return misfit;
  const auto items = json::member(schema, "items");
  if (!items || !items->is_object()) return std::nullopt;
  std::size_t index = 0;
  for (const Value item : array) {
    if (auto misfit = check(*items, item, fmt::format("{}[{}]", path, index++))) return misfit;
  }
  return std::nullopt;
}

Misfit check(Value schema, Value value, const std::string& path) {
  if (const auto type = json::text(schema, "type"); type && !has_type(value, *type))
    return wrong(path, fmt::format("must be of type {}, not {}", *type, json::type_name(value)));
  if (auto misfit = check_enum(schema, value, path)) return misfit;
  if (value.is_object()) return check_object(schema, value.get_object().value_unsafe(), path);
  if (value.is_array()) return check_array(schema, value.get_array().value_unsafe(), path);
  if (value.is_number()) return check_number(schema, value.get_double().value_unsafe(), path);
  if (value.is_string())
    return check_size(schema, characters(value.get_string().value_unsafe()), path, "minLength", "maxLength");
  return std::nullopt;
}

}  // namespace

std::optional<std::string> misfit(std::string_view schema, std::string_view config) {
  const auto given = json::Document::parse(config);
  if (!given) return "the configuration is not JSON: " + given.error().what;
  if (!given->root().is_object()) return wrong("", "must be an object");
  if (schema.empty()) return std::nullopt;
  const auto rules = json::Document::parse(schema);
  if (!rules) return "the plugin's schema is not JSON: " + rules.error().what;
  return check(rules->root(), given->root(), "");
}

}  // namespace baton::plugin
