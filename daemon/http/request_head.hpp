// The head of a request that our clients send.
//
// Whoever gives method, target and headers decides what the request says, never where it ends: what would begin another
// line or another request is refused.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace baton::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// Appends one line. kInvalid: a name or a value that cannot be sent.
Result<Unit> append_header(std::string& head, std::string_view name, std::string_view value);

// True for what belongs to one connection, or says how long a body is: the client writes these itself or has no use for
// them. Host, Content-Length, Transfer-Encoding, Connection, Keep-Alive, Proxy-Connection, TE, Trailer, Upgrade,
// Expect.
bool is_clients_own(std::string_view name);

// True for a method as it goes over the wire: a token without lower-case letters, and not CONNECT.
bool is_method(std::string_view method);

// True for methods that may be sent twice (RFC 9110 §9.2.2).
bool is_idempotent(std::string_view method);

}  // namespace baton::http
