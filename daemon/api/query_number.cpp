#include "api/query_number.hpp"

#include <charconv>

#include <fmt/format.h>

namespace baton::api {

Result<std::int64_t> query_number(const http::Request& request, std::string_view name, std::int64_t least,
                                  std::int64_t most, std::int64_t otherwise) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  return whole_number(*text, name, least, most);
}

Result<std::int64_t> whole_number(std::string_view text, std::string_view name, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    return fail(Errc::kInvalid, fmt::format("{} must be a whole number from {} to {}", name, least, most));
  }
  return value;
}

}  // namespace baton::api
