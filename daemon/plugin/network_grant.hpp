// Which servers an instance may reach: the entries of `network` in its configuration.
//
//   [http:// | https://] host [:port | :*]
//
// A host is a name, an address ("127.0.0.1", "[::1]"), or "*.example.com": every name below that one, but not itself.
// "localhost" is that name and this machine's own addresses. Without a port an entry means the usual one of the URL's
// scheme: 443, or 80. Without a scheme it means https, and plain http as long as that stays on this machine; plain http
// to another machine has to be said: "http://host". What a granted name resolves to is granted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/url.hpp"

namespace baton::plugin {

struct NetworkGrant {
  enum class Scheme : std::uint8_t { kSafe, kHttp, kHttps };  // kSafe: none was written

  Scheme scheme = Scheme::kSafe;
  std::string host = {};    // as http::Url has it, without "*."
  bool below = false;       // "*."; with no host: every host, which no entry of a configuration says
  bool every_port = false;  // ":*"
  std::uint16_t port = 0;   // 0: the scheme's own
};

// kInvalid says what is wrong.
Result<NetworkGrant> grant_from(std::string_view text);

struct Permission {
  bool loopback_only = false;  // plain http that must not leave this machine: its address decides, not its name
  std::string entry = {};      // what `network` would have to hold for it to be let out
};

// kDenied names the entry that is missing.
Result<Permission> permission_for(const std::vector<NetworkGrant>& grants, const http::Url& url);

}  // namespace baton::plugin
