#include "base/json_reader.hpp"

#include <utility>

#include "base/json_numbers.hpp"

namespace baton::json {
namespace {

constexpr std::size_t kKeptCapacity = 64 * 1024;  // bytes of JSON; the memory of a parser is some three times as much

thread_local std::unique_ptr<simdjson::dom::parser> spare_parser;

simdjson::dom::parser* take_parser() {
  return spare_parser ? spare_parser.release() : std::make_unique<simdjson::dom::parser>().release();
}

}  // namespace

void Document::Recycle::operator()(simdjson::dom::parser* parser) const {
  std::unique_ptr<simdjson::dom::parser> owned(parser);
  if (!spare_parser && owned->capacity() <= kKeptCapacity) spare_parser = std::move(owned);
}

Result<Document> Document::parse(std::string_view text) {
  Document document;
  document.parser_.reset(take_parser());
  auto error = document.parser_->parse(text.data(), text.size()).get(document.root_);
  if (error && error != simdjson::UTF8_ERROR) {  // which error a large number is depends on the parser's version
    if (const auto bounded = with_bounded_numbers(text)) error = document.parser_->parse(*bounded).get(document.root_);
  }
  if (error == simdjson::UTF8_ERROR) return fail(Errc::kInvalid, "the text is not valid UTF-8", "invalid_json");
  if (error) return fail(Errc::kInvalid, simdjson::error_message(error), "invalid_json");
  return document;
}

std::optional<Value> member(Value object, std::string_view name) {
  Value found;
  if (!object.is_object() || object[name].get(found)) return std::nullopt;
  return found;
}

namespace {

template <class T>
std::optional<T> typed_member(Value object, std::string_view name) {
  const auto found = member(object, name);
  T content{};
  if (!found || found->get(content)) return std::nullopt;
  return content;
}

}  // namespace

std::optional<std::string_view> text(Value object, std::string_view name) {
  return typed_member<std::string_view>(object, name);
}
std::optional<std::int64_t> integer(Value object, std::string_view name) {
  return typed_member<std::int64_t>(object, name);
}
std::optional<double> number(Value object, std::string_view name) { return typed_member<double>(object, name); }
std::optional<bool> boolean(Value object, std::string_view name) { return typed_member<bool>(object, name); }

std::vector<std::string> texts(Value object, std::string_view name) {
  std::vector<std::string> found;
  const auto list = member(object, name);
  if (!list || !list->is_array()) return found;
  for (const Value item : simdjson::dom::array(*list)) {
    std::string_view one;
    if (!item.get(one)) found.emplace_back(one);
  }
  return found;
}

std::string_view type_name(Value value) {
  using simdjson::dom::element_type;
  switch (value.type()) {
    case element_type::ARRAY: return "array";
    case element_type::OBJECT: return "object";
    case element_type::INT64:
    case element_type::UINT64:
    case element_type::DOUBLE: return "number";
    case element_type::STRING: return "text";
    case element_type::BOOL: return "boolean";
    case element_type::NULL_VALUE: return "null";
  }
  return "unknown";
}

}  // namespace baton::json
