#include "http/address.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace baton::http {
namespace {

// "[::1]" without brackets; an IPv6 address without them could not be told from its port.
std::optional<std::string_view> bare_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
  if (host.find(':') != std::string_view::npos) return std::nullopt;
  return host == "localhost" ? "127.0.0.1" : host;
}

}  // namespace

std::optional<std::uint16_t> port_from(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

Result<asio::ip::tcp::endpoint> endpoint_from(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return fail(Errc::kInvalid, fmt::format("\"{}\" is not an address: it has no port", text));
  }
  const auto port = port_from(text.substr(colon + 1));
  if (!port) return fail(Errc::kInvalid, fmt::format("\"{}\" is not an address: the port is no number", text));
  const auto host = bare_host(text.substr(0, colon));
  std::error_code error;
  const auto address = asio::ip::make_address(std::string(host.value_or("")), error);
  if (!host || error) {
    return fail(Errc::kInvalid, fmt::format("\"{}\" is not an address: 127.0.0.1:80, [::1]:80 or localhost:80", text));
  }
  return asio::ip::tcp::endpoint(address, *port);
}

std::string to_text(const asio::ip::tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return fmt::format(fmt::runtime(endpoint.address().is_v6() ? "[{}]:{}" : "{}:{}"), host, endpoint.port());
}

}  // namespace baton::http
