// Reads a JSON object against a table of fields.
//
// One table says what a request body may hold; from it come the checks, the answer that names the wrong field, and the
// schema in the OpenAPI document, so that the three cannot disagree. Unknown keys are ignored (contract §1.0), of
// repeated ones the last counts. `null` counts as a wrong type unless the field allows it. No text may hold a NUL: it
// would end early in a database, a file name or an argument.
//
//   constexpr Field kClaim[] = {{.name = "assigneeAgentId", .kind = Kind::kText, .required = true, .min = 1}};
//   auto body = read_fields(kClaim, request.body);
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

namespace baton {

enum class Kind : std::uint8_t { kText, kInteger, kNumber, kBoolean, kTexts, kObject };  // kTexts: an array of texts

struct Field;

// The table of what an object in a field may hold, a constant.
struct Members {
  constexpr Members() = default;
  template <std::size_t N>
  constexpr Members(const Field (&table)[N]) : first(table), count(N) {}

  const Field* first = nullptr;
  std::size_t count = 0;
};

struct Field {
  std::string_view name;
  Kind kind = Kind::kText;
  bool required = false;
  bool nullable = false;
  bool falsy_is_absent = false;  // null, "", 0 and false are as good as nothing, as for a client in JavaScript
  // Text: length in UTF-16 units, of each text when there are several. Integer: the value itself.
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::span<const std::string_view> one_of = {};  // text only; empty: any
  std::size_t most_texts = 32;                    // of kTexts
  Members members = {};                           // of kObject
  std::string_view about = {};                    // one sentence for the OpenAPI document
};

// Why a body was refused, in the two lists of the contract's error shape (§1.0). What is wrong inside an object is
// listed under that object's name; the message begins with the member's.
struct InvalidBody {
  std::vector<std::string> form_errors;                           // the body as a whole
  std::vector<std::pair<std::string, std::string>> field_errors;  // name, message
};

// What a body held. Names that are not in the table it was read with are a bug.
class Fields {
 public:
  bool has(std::string_view name) const;
  std::optional<std::string> text(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name) const;
  std::optional<double> number(std::string_view name) const;
  std::optional<bool> boolean(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;  // none when the field is absent
  const Fields* object(std::string_view name) const;            // null when the field is absent or null
  bool is_null(std::string_view name) const;
  // Required fields: they are there, or the body had been refused.
  std::string need_text(std::string_view name) const;
  bool empty() const;  // no known field was given

 private:
  friend class FieldReader;
  using Object = std::vector<Fields>;  // of one; a vector, because Fields is not complete here
  using Content = std::variant<std::monostate, std::nullptr_t, std::string, std::int64_t, double, bool,
                               std::vector<std::string>, Object>;

  const Content& at(std::string_view name) const;

  std::span<const Field> table_;
  std::vector<Content> contents_;  // one per field of the table
};

// `table` must live as long as the result (it is a constant). An empty body counts as one without any field.
tl::expected<Fields, InvalidBody> read_fields(std::span<const Field> table, std::string_view body);

}  // namespace baton
