#include "base/fields.hpp"

#include <cmath>

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

// The same type as Fields::Content.
using Content = std::variant<std::monostate, std::nullptr_t, std::string, std::int64_t, double, bool>;

std::string take_text(const Field& field, std::string_view read, Content& content) {
  content = std::string(read);
  return text_problem(field, read);
}

std::string take_integer(const Field& field, std::int64_t read, Content& content) {
  content = read;
  return integer_problem(field, read);
}

// 3.0 is as whole a number as 3, as it is for a client in JavaScript.
std::string take_fraction(const Field& field, double read, Content& content) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (read != std::trunc(read)) return "must be a whole number, has a fraction";
  if (std::abs(read) >= kExact) return "is too large to be exact";
  return take_integer(field, static_cast<std::int64_t>(read), content);
}

// Puts `value` into `content`. Returns what is wrong with it, empty when nothing is.
std::string take(const Field& field, json::Value value, Content& content) {
  std::string_view as_text;
  std::int64_t as_integer = 0;
  double as_number = 0;
  bool as_boolean = false;
  if (value.is_null() && field.nullable) {
    content = nullptr;
  } else if (field.kind == Kind::kText && !value.get(as_text)) {
    return take_text(field, as_text, content);
  } else if (field.kind == Kind::kInteger && !value.get(as_integer)) {
    return take_integer(field, as_integer, content);
  } else if (field.kind == Kind::kInteger && !value.get(as_number)) {
    return take_fraction(field, as_number, content);
  } else if (field.kind == Kind::kNumber && !value.get(as_number)) {
    content = as_number;
  } else if (field.kind == Kind::kBoolean && !value.get(as_boolean)) {
    content = as_boolean;
  } else {
    return fmt::format("must be {}, is {}", kind_name(field.kind), json::type_name(value));
  }
  return {};
}

// Of repeated keys the last one counts.
std::optional<json::Value> last_member(simdjson::dom::object object, std::string_view name) {
  std::optional<json::Value> found;
  for (const auto [key, value] : object) {
    if (key == name) found = value;
  }
  return found;
}

tl::unexpected<InvalidBody> refused(std::string problem) {
  return tl::unexpected(InvalidBody{.form_errors = {std::move(problem)}, .field_errors = {}});
}

}  // namespace

tl::expected<Fields, InvalidBody> read_fields(std::span<const Field> table, std::string_view body) {
  const auto document = json::Document::parse(text::trimmed(body).empty() ? std::string_view("{}") : body);
  if (!document) return refused("not JSON: " + document.error().what);
  if (!document->root().is_object()) {
    return refused(fmt::format("must be an object, is {}", json::type_name(document->root())));
  }

  Fields fields;
  fields.table_ = table;
  fields.contents_.resize(table.size());
  InvalidBody invalid;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto value = last_member(document->root(), table[i].name);
    std::string problem;
    if (value) {
      problem = take(table[i], *value, fields.contents_[i]);
    } else if (table[i].required) {
      problem = "is required";
    }
    if (!problem.empty()) invalid.field_errors.emplace_back(table[i].name, std::move(problem));
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
