// Refuses requests that a web page made without the user knowing.
//
// A page of a stranger may make a browser talk to 127.0.0.1 (its Origin or Sec-Fetch-Site tells), or may have a name of
// its own point there (DNS rebinding: the Host header tells). So a request over TCP must name a host that is known to
// be this daemon, and an origin, when the client states one, must be such a host too. A unix socket needs no guard:
// browsers cannot reach it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/head_rules.hpp"
#include "http/message.hpp"

namespace baton::http {

// The host of "name:port", "[::1]:port" or "name": lower case, without port, brackets and one trailing dot. Nothing
// when it is not of that form.
std::optional<std::string> host_of(std::string_view authority);

class HostGuard {
 public:
  // `name` as in a Host header; a port is ignored. Localhost, 127.0.0.0/8 and ::1 need not be named.
  void allow(std::string_view name);

  bool allows_host(std::string_view authority) const;
  // An Origin header: "http://localhost:5173". "null" is a stranger.
  bool allows_origin(std::string_view origin) const;

  std::optional<Refusal> check(const Request& request) const;

 private:
  bool knows(std::string_view host) const;

  std::vector<std::string> names_;
};

}  // namespace baton::http
