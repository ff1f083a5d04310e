// An HTTP/1.1 client on the reactor: over TCP or a unix socket, one exchange per connection, or one event stream.
//
// For the `baton` command and for tests of it; what plugins get (streaming_client.hpp) is built on the same parts.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::http {

struct TcpPeer {
  std::string host;  // an address without brackets, or a name
  std::string port;
};
struct UnixPeer {
  std::filesystem::path path;
};
using Peer = std::variant<TcpPeer, UnixPeer>;

// "http://127.0.0.1:18790", "unix:/run/baton/batond.sock". kInvalid for anything else: this client has no TLS.
Result<Peer> peer_from(std::string_view url);

struct ClientRequest {
  Method method = Method::kGet;
  std::string target = {};  // path and query, encoded
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};                      // sent as application/json when not empty
  std::chrono::milliseconds timeout{30'000};  // of the whole exchange; 0: none
  // When set, an answer with status 2xx is handed over piece by piece as it comes, and is not gathered: for event
  // streams. False ends the exchange, which then counts as complete.
  std::function<bool(std::string_view)> on_data = {};
};

struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
};

// kUnavailable: nobody listens there. kInvalid: a target or header that cannot be sent. kTimeout, kIo, kInternal (what
// came is not HTTP), kTooLarge (beyond 64 MiB).
reactor::Task<Result<ClientResponse>> fetch(reactor::Loop& loop, Peer peer, ClientRequest request);

}  // namespace baton::http
