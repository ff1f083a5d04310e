#include "base/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/bug.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"

namespace baton {
namespace {

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kText: return "text";
    case Kind::kInteger: return "a whole number";
    case Kind::kNumber: return "a number";
    case Kind::kBoolean: return "true or false";
  }
  bug("field kind out of range");
}

// The message for a text outside its limits, empty when it is fine.
std::string text_problem(const Field& field, std::string_view content) {
  const auto length = static_cast<std::int64_t>(text::utf16_length(content));
  if (length < field.min) return fmt::format("must have at least {} character(s)", field.min);
  if (length > field.max) return fmt::format("must have at most {} character(s), has {}", field.max, length);
  if (!field.one_of.empty()) {
    for (const auto& allowed : field.one_of) {
      if (content == allowed) return {};
    }
    return fmt::format("must be one of: {}", fmt::join(field.one_of, ", "));
  }
  return {};
}

std::string integer_problem(const Field& field, std::int64_t content) {
  if (content < field.min) return fmt::format("must be at least {}", field.min);
  if (content > field.max) return fmt::format("must be at most {}", field.max);
  return {};
}

}  // namespace

tl::expected<Fields, InvalidBody> read_fields(std::span<const Field> table, std::string_view body) {
  Fields fields;
  fields.table_ = table;
  fields.contents_.resize(table.size());
  InvalidBody invalid;

  const auto document = json::Document::parse(text::trimmed(body).empty() ? std::string_view("{}") : body);
  if (!document) {
    invalid.form_errors.push_back("not JSON: " + document.error().what);
    return tl::unexpected(std::move(invalid));
  }
  if (!document->root().is_object()) {
    invalid.form_errors.push_back(fmt::format("must be an object, is {}", json::type_name(document->root())));
    return tl::unexpected(std::move(invalid));
  }

  for (const auto [key, value] : simdjson::dom::object(document->root())) {
    for (std::size_t i = 0; i < table.size(); ++i) {
      const Field& field = table[i];
      if (field.name != key) continue;
      auto& content = fields.contents_[i];
      std::string problem;
      std::string_view as_text;
      std::int64_t as_integer = 0;
      double as_number = 0;
      bool as_boolean = false;
      if (value.is_null() && field.nullable) {
        content = nullptr;
      } else if (field.kind == Kind::kText && !value.get(as_text)) {
        problem = text_problem(field, as_text);
        content = std::string(as_text);
      } else if (field.kind == Kind::kInteger && !value.get(as_integer)) {
        problem = integer_problem(field, as_integer);
        content = as_integer;
      } else if (field.kind == Kind::kNumber && !value.get(as_number)) {
        content = as_number;
      } else if (field.kind == Kind::kBoolean && !value.get(as_boolean)) {
        content = as_boolean;
      } else {
        problem = fmt::format("must be {}, is {}", kind_name(field.kind), json::type_name(value));
      }
      if (!problem.empty()) invalid.field_errors.emplace_back(field.name, std::move(problem));
    }
  }
  for (std::size_t i = 0; i < table.size(); ++i) {
    const bool absent = std::holds_alternative<std::monostate>(fields.contents_[i]);
    const bool reported = [&] {
      for (const auto& [name, _] : invalid.field_errors) {
        if (name == table[i].name) return true;
      }
      return false;
    }();
    if (table[i].required && absent && !reported) invalid.field_errors.emplace_back(table[i].name, "is required");
  }
  if (!invalid.field_errors.empty()) return tl::unexpected(std::move(invalid));
  return fields;
}

const Fields::Content& Fields::at(std::string_view name) const {
  for (std::size_t i = 0; i < table_.size(); ++i) {
    if (table_[i].name == name) return contents_[i];
  }
  bug("asked a body for a field that its table does not name");
}

bool Fields::has(std::string_view name) const { return !std::holds_alternative<std::monostate>(at(name)); }
bool Fields::is_null(std::string_view name) const { return std::holds_alternative<std::nullptr_t>(at(name)); }

std::optional<std::string> Fields::text(std::string_view name) const {
  const auto* content = std::get_if<std::string>(&at(name));
  return content == nullptr ? std::nullopt : std::optional(*content);
}
std::optional<std::int64_t> Fields::integer(std::string_view name) const {
  const auto* content = std::get_if<std::int64_t>(&at(name));
  return content == nullptr ? std::nullopt : std::optional(*content);
}
std::optional<double> Fields::number(std::string_view name) const {
  const auto* content = std::get_if<double>(&at(name));
  return content == nullptr ? std::nullopt : std::optional(*content);
}
std::optional<bool> Fields::boolean(std::string_view name) const {
  const auto* content = std::get_if<bool>(&at(name));
  return content == nullptr ? std::nullopt : std::optional(*content);
}

std::string Fields::need_text(std::string_view name) const {
  auto content = text(name);
  require(content.has_value(), "field is not required by its table");
  return *std::move(content);
}

bool Fields::empty() const {
  for (const auto& content : contents_) {
    if (!std::holds_alternative<std::monostate>(content)) return false;
  }
  return true;
}

}  // namespace baton
