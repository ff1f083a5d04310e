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

// Opaque to clients: "before.<row>".
constexpr std::string_view kBefore = "before.";

Result<std::optional<std::int64_t>> query_history(const http::Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  const auto before = text->starts_with(kBefore) ? whole_number(text->substr(kBefore.size())) : std::nullopt;
  if (!before || *before < 1) return fail(Errc::kInvalid, fmt::format("{} is not one that this server gave", name));
  return before;
}

std::string history_cursor(std::int64_t before) { return fmt::format("{}{}", kBefore, before); }

}  // namespace baton::api
