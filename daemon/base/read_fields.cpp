// A request body against its table.
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
    case Kind::kTexts: return "an array of texts";
    case Kind::kObject: return "an object";
  }
  bug("field kind out of range");
}

// The message for a text outside its limits, empty when it is fine.
std::string text_problem(const Field& field, std::string_view content) {
  const auto length = static_cast<std::int64_t>(text::utf16_length(content));
  if (length < field.min) return fmt::format("must have at least {} character(s)", field.min);
  if (length > field.max) return fmt::format("must have at most {} character(s), has {}", field.max, length);
  if (content.find('\0') != std::string_view::npos) return "must not hold the character NUL";
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

std::string wrong_type(const Field& field, json::Value value) {
  const std::string_view or_null = field.nullable ? " or null" : "";
  return fmt::format("must be {}{}, is {}", kind_name(field.kind), or_null, json::type_name(value));
}

bool is_falsy(json::Value value) {
  std::string_view text;
  bool truth = true;
  double number = 1;
  if (!value.get(text)) return text.empty();
  if (!value.get(truth)) return !truth;
  return value.is_null() || (!value.get(number) && number == 0);
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

// Fills Fields from an object and gathers what is wrong. Each take_… answers what is wrong with its value, empty when
// nothing is.
class FieldReader {
 public:
  using Content = Fields::Content;

  explicit FieldReader(InvalidBody& invalid) : invalid_(invalid) {}

  Fields read(std::span<const Field> table, simdjson::dom::object object) {
    Fields fields;
    fields.table_ = table;
    fields.contents_.resize(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
      const auto value = last_member(object, table[i].name);
      if (value && !(table[i].falsy_is_absent && is_falsy(*value))) {
        report(table[i], take(table[i], *value, fields.contents_[i]));
      } else if (table[i].required) {
        report(table[i], "is required");
      }
    }
    return fields;
  }

 private:
  void report(const Field& field, std::string problem) {
    if (problem.empty()) return;
    if (outer_.empty()) {
      invalid_.field_errors.emplace_back(field.name, std::move(problem));
    } else {
      invalid_.field_errors.emplace_back(outer_, fmt::format("{}{} {}", path_, field.name, problem));
    }
  }

  std::string take(const Field& field, json::Value value, Content& content) {
    if (value.is_null() && field.nullable) {
      content = nullptr;
      return {};
    }
    switch (field.kind) {
      case Kind::kText: return take_text(field, value, content);
      case Kind::kInteger: return take_integer(field, value, content);
      case Kind::kNumber: return take_number(field, value, content);
      case Kind::kBoolean: return take_boolean(field, value, content);
      case Kind::kTexts: return take_texts(field, value, content);
      case Kind::kObject: return take_object(field, value, content);
    }
    bug("field kind out of range");
  }

  static std::string take_text(const Field& field, json::Value value, Content& content) {
    std::string_view read;
    if (value.get(read)) return wrong_type(field, value);
    content = std::string(read);
    return text_problem(field, read);
  }

  // 3.0 is as whole a number as 3, as it is for a client in JavaScript.
  static std::string take_integer(const Field& field, json::Value value, Content& content) {
    constexpr double kExact = 9007199254740992.0;  // 2^53
    std::int64_t whole = 0;
    double read = 0;
    if (value.get(whole)) {
      if (value.get(read)) return wrong_type(field, value);
      if (read != std::trunc(read)) return "must be a whole number, has a fraction";
      if (std::abs(read) >= kExact) return "is too large to be exact";
      whole = static_cast<std::int64_t>(read);
    }
    content = whole;
    return integer_problem(field, whole);
  }

  static std::string take_number(const Field& field, json::Value value, Content& content) {
    double read = 0;
    if (value.get(read)) return wrong_type(field, value);
    if (std::abs(read) >= json::kBeyond) return "is too large";
    content = read;
    return {};
  }

  static std::string take_boolean(const Field& field, json::Value value, Content& content) {
    bool read = false;
    if (value.get(read)) return wrong_type(field, value);
    content = read;
    return {};
  }

  static std::string take_texts(const Field& field, json::Value value, Content& content) {
    simdjson::dom::array read;
    if (value.get(read)) return wrong_type(field, value);
    if (read.size() > field.most_texts) return fmt::format("must have at most {} texts", field.most_texts);
    std::vector<std::string> texts;
    texts.reserve(read.size());
    for (const json::Value item : read) {
      std::string_view text;
      if (item.get(text)) return fmt::format("[{}] must be text, is {}", texts.size(), json::type_name(item));
      if (auto problem = text_problem(field, text); !problem.empty()) {
        return fmt::format("[{}] {}", texts.size(), problem);
      }
      texts.emplace_back(text);
    }
    content = std::move(texts);
    return {};
  }

  std::string take_object(const Field& field, json::Value value, Content& content) {
    simdjson::dom::object read;
    if (value.get(read)) return wrong_type(field, value);
    FieldReader inner(invalid_);
    inner.outer_ = outer_.empty() ? field.name : outer_;
    if (!outer_.empty()) inner.path_ = fmt::format("{}{}.", path_, field.name);
    content = Fields::Object{inner.read({field.members.first, field.members.count}, read)};
    return {};
  }

  InvalidBody& invalid_;
  std::string_view outer_ = {};  // inside an object: the name of the outermost
  std::string path_ = {};        // and how to come from there to this one, "" or "a.b."
};

tl::expected<Fields, InvalidBody> read_fields(std::span<const Field> table, std::string_view body) {
  const auto document = json::Document::parse(text::trimmed(body).empty() ? std::string_view("{}") : body);
  if (!document) return refused("not JSON: " + document.error().what);
  simdjson::dom::object object;
  if (document->root().get(object)) {
    return refused(fmt::format("must be an object, is {}", json::type_name(document->root())));
  }
  InvalidBody invalid;
  Fields fields = FieldReader(invalid).read(table, object);
  if (!invalid.field_errors.empty()) return tl::unexpected(std::move(invalid));
  return fields;
}

}  // namespace baton
