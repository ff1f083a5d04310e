// Where a server listens, as text: "127.0.0.1:18790", "[::1]:0", "localhost:80".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <asio/ip/tcp.hpp>

#include "base/result.hpp"

namespace baton::http {

// Decimal digits, at most 65535.
std::optional<std::uint16_t> port_from(std::string_view text);

// A numeric address with a port; "localhost" is 127.0.0.1. No other name is looked up: where a daemon listens should
// not depend on a name server.
Result<asio::ip::tcp::endpoint> endpoint_from(std::string_view text);

// The same form: an IPv6 address in brackets.
std::string to_text(const asio::ip::tcp::endpoint& endpoint);

}  // namespace baton::http
