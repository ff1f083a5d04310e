#include "api/request.hpp"

#include <charconv>

#include <fmt/format.h>

namespace baton::api {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<std::int64_t> whole_number(std::string_view text, std::string_view name, std::int64_t least, std::int64_t most) {
  const auto number = whole_number(text);
  if (number && *number >= least && *number <= most) return *number;
  return fail(Errc::kInvalid, fmt::format("{} must be a whole number from {} to {}", name, least, most));
}

Result<std::int64_t> query_number(const http::Request& request, std::string_view name, std::int64_t least,
                                  std::int64_t most, std::int64_t otherwise) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  return whole_number(*text, name, least, most);
}

}  // namespace baton::api
