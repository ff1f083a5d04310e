#include "http/request_head.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "http/ascii.hpp"

namespace baton::http {

Result<Unit> append_header(std::string& head, std::string_view name, std::string_view value) {
  if (!ascii::is_token(name) || !ascii::is_field_value(value))
    return fail(Errc::kInvalid, fmt::format("a header that cannot be sent: {}", name));
  head.append(name).append(": ").append(value).append("\r\n");
  return Unit{};
}

bool is_clients_own(std::string_view name) {
  constexpr std::array<std::string_view, 10> kOwn{
      "host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection",
      "te",   "trailer",        "upgrade",           "expect"};
  return std::ranges::any_of(kOwn, [&](std::string_view own) { return ascii::equal(own, name); });
}

bool is_method(std::string_view method) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return ascii::is_token(method) && std::ranges::none_of(method, is_lower) && method != "CONNECT";
}

bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 6> kSafe{"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"};
  return std::ranges::find(kSafe, method) != kSafe.end();
}

}  // namespace baton::http
