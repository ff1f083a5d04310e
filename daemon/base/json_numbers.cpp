// Only strings and numbers are told apart here; that the rest is JSON is the parser's business, which reads the result.
// A piece of a text that is no number by the grammar ("01e400", "1.e400") is never made into one: what stands around a
// replaced piece stays.
#include "base/json_numbers.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace baton::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

// Length of the number that `text` begins with, 0 when it begins with none (RFC 8259 §6).
std::size_t number_length(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = text.substr(at).starts_with('0') ? 1 : digits(text.substr(at));
  if (whole == 0) return 0;
  at += whole;
  if (text.substr(at).starts_with('.')) {
    const std::size_t fraction = digits(text.substr(at + 1));
    if (fraction > 0) at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::size_t sign = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-') ? 1 : 0;
    const std::size_t exponent = digits(text.substr(at + 1 + sign));
    if (exponent > 0) at += 1 + sign + exponent;
  }
  return at;
}

// Behind the string that begins at `begin`.
std::size_t string_end(std::string_view text, std::size_t begin) {
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return text.size();
}

template <class Integer>
bool holds(std::string_view number) {
  Integer value{};
  return std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc();
}

// Nothing when the number can stay as it is.
std::optional<std::string> replacement(std::string_view number) {
  constexpr std::size_t kShort = 18;  // digits that always fit
  const bool is_integer = number.find_first_of(".eE") == std::string_view::npos;
  if (is_integer && number.size() <= kShort) return std::nullopt;
  std::string text(number);
  if (std::isinf(std::strtod(text.c_str(), nullptr))) {
    return std::string(number.starts_with('-') ? "-" : "") + "1.7976931348623157e308";
  }
  if (!is_integer || holds<std::int64_t>(number) || holds<std::uint64_t>(number)) return std::nullopt;
  return std::move(text) + "e0";
}

}  // namespace

std::optional<std::string> with_bounded_numbers(std::string_view text) {
  std::string bounded;
  std::size_t copied = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '"') {
      at = string_end(text, at);
      continue;
    }
    const std::size_t length = number_length(text.substr(at));
    if (const auto other = length > 0 ? replacement(text.substr(at, length)) : std::nullopt) {
      bounded.append(text.substr(copied, at - copied)).append(*other);
      copied = at + length;
    }
    at += length > 0 ? length : 1;
  }
  if (copied == 0) return std::nullopt;
  return std::move(bounded.append(text.substr(copied)));
}

}  // namespace baton::json
