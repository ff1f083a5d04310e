// JSON in: simdjson's document. For nested data; a flat request body is read with fields.hpp, which costs less to
// include.
//
//   auto document = json::Document::parse(text);
//   if (!document) return fail(document);
//   std::string_view name = json::text(document->root(), "name").value_or("");
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "base/result.hpp"

namespace baton::json {

using Value = simdjson::dom::element;

// What stands for every number that no double holds.
inline constexpr double kBeyond = std::numeric_limits<double>::max();

// Owns what its values point into.
class Document {
 public:
  // Any JSON value. kInvalid with the parser's reason and, for broken UTF-8, that fact. An integer beyond 64 bits is
  // read as a double, a number that no double holds as the largest one of its sign (kBeyond).
  static Result<Document> parse(std::string_view text);

  Value root() const { return root_; }

 private:
  // Keeps a small parser for the thread's next document: making one costs eight allocations.
  struct Recycle {
    void operator()(simdjson::dom::parser* parser) const;
  };
  // Behind a pointer: values point into the parser, so it must stay where it is when the document is moved.
  std::unique_ptr<simdjson::dom::parser, Recycle> parser_;
  Value root_;
};

// Members of an object; nothing when `object` is not one, has no such member, or has one of another type.
std::optional<Value> member(Value object, std::string_view name);
std::optional<std::string_view> text(Value object, std::string_view name);
std::optional<std::int64_t> integer(Value object, std::string_view name);
std::optional<double> number(Value object, std::string_view name);
std::optional<bool> boolean(Value object, std::string_view name);
std::vector<std::string> texts(Value object, std::string_view name);  // the strings of an array; others are left out

// "text", "number", "boolean", "array", "object" or "null", for messages.
std::string_view type_name(Value value);

}  // namespace baton::json
