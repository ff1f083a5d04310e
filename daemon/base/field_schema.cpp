#include "base/field_schema.hpp"

#include <algorithm>
#include <limits>

#include "base/bug.hpp"

namespace baton {
namespace {

std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::kText: return "string";
    case Kind::kInteger: return "integer";
    case Kind::kNumber: return "number";
    case Kind::kBoolean: return "boolean";
    case Kind::kTexts: return "array";
    case Kind::kObject: return "object";
  }
  bug("field kind out of range");
}

void write_bounds(json::Writer& json, const Field& field) {
  const bool is_text = field.kind == Kind::kText;
  if (!is_text && field.kind != Kind::kInteger) return;
  using Limits = std::numeric_limits<std::int64_t>;
  if (field.min != Limits::min()) json.field(is_text ? "minLength" : "minimum", field.min);
  if (field.max != Limits::max()) json.field(is_text ? "maxLength" : "maximum", field.max);
}

void write_items(json::Writer& json, const Field& field) {
  if (field.most_texts != std::numeric_limits<std::size_t>::max()) json.field("maxItems", field.most_texts);
  json.key("items").object().field("type", "string");
  write_bounds(json, {.name = {}, .min = field.min, .max = field.max});
  json.end();
}

void write_type(json::Writer& json, const Field& field) {
  if (!field.nullable && !field.falsy_is_absent) {
    json.field("type", type_of(field.kind));
    return;
  }
  json.key("type").array().value(type_of(field.kind)).value("null");
  if (field.falsy_is_absent) json.value("boolean").value("number");
  json.end();
  if (!field.falsy_is_absent) return;
  json.key("anyOf").array().object().field("type", type_of(field.kind)).end();
  json.object().key("enum").array().value(nullptr).value(false).value(0).end().end().end();
}

}  // namespace

void write_schema(json::Writer& json, const Field& field) {
  write_type(json, field);
  write_bounds(json, field);
  if (field.kind == Kind::kTexts) write_items(json, field);
  if (field.kind == Kind::kObject) write_members(json, {field.members.first, field.members.count});
  if (!field.one_of.empty()) {
    json.key("enum").array();
    for (const auto word : field.one_of) json.value(word);
    if (field.nullable) json.value(nullptr);
    json.end();
  }
}

bool any_required(std::span<const Field> fields) {
  return std::any_of(fields.begin(), fields.end(), [](const Field& field) { return field.required; });
}

void write_members(json::Writer& json, std::span<const Field> fields) {
  json.key("properties").object();
  for (const Field& field : fields) {
    json.key(field.name).object();
    write_schema(json, field);
    if (!field.about.empty()) json.field("description", field.about);
    json.end();
  }
  json.end();
  if (!any_required(fields)) return;
  json.key("required").array();
  for (const Field& field : fields) {
    if (field.required) json.value(field.name);
  }
  json.end();
}

}  // namespace baton
