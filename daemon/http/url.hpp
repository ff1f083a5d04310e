// The address of a request that our client sends: http or https, absolute.
//
// Nothing is repaired: what two programs could read in two ways is refused, because one of them would decide by it what
// may be reached and the other one would go there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <asio/ip/address.hpp>

#include "base/result.hpp"

namespace baton::http {

struct Url {
  bool tls = false;
  std::string host;  // a name in lower case, without a dot at its end, or an address without brackets
  std::uint16_t port = 0;
  std::string target;  // path and query, encoded as they were given; without fragment

  // What the Host header says: brackets around IPv6, no port that is the scheme's own.
  std::string authority() const;
};

// kInvalid: another scheme, user information, a control character, a blank or a byte beyond ASCII, a host that is
// neither a name nor an address ("127.1" and "0x7f.1" are what some take for addresses), a port that is none.
Result<Url> url_from(std::string_view text);

// "api.example.com", "127.0.0.1", "[::1]": the host of a URL, as Url holds it. kInvalid.
Result<std::string> host_from(std::string_view text);

// What the host of a URL is by itself, before anything is looked up.
enum class HostKind : std::uint8_t { kName, kLoopback, kOtherAddress };
HostKind kind_of(const std::string& host);

// True for this machine's own addresses: 127.0.0.0/8 and ::1, also where IPv6 wraps the former.
bool is_loopback(const asio::ip::address& address);

}  // namespace baton::http
