// A connection of our client: a socket, with TLS around it or without.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <asio/ssl/stream.hpp>

#include "base/result.hpp"
#include "http/stream_socket.hpp"
#include "http/tls_context.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::http {

class Channel {
 public:
  explicit Channel(reactor::Loop& loop) : socket_(loop.context()) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // To be connected first, by whoever knows where to.
  StreamSocket& socket() { return socket_; }

  // Speaks TLS from here on. The certificate must be trusted and made for `host`, a name or an address. kIo says why
  // not. `context` outlives the channel.
  reactor::Task<Result<Unit>> handshake(TlsContext& context, std::string host);

  struct Moved {
    std::error_code error;
    std::size_t count = 0;
    // The other side ended it properly: with TLS's own farewell, where there is TLS.
    bool is_end() const;
  };
  // One of each may be under way; the bytes stay where they are until it has ended.
  reactor::Task<Moved> read_some(char* into, std::size_t size);
  reactor::Task<Moved> write_some(std::string_view bytes);

  // What is under way ends with an error.
  void close();
  // True when nothing came since the last answer, not even the end. Does not wait.
  bool is_quiet();

 private:
  StreamSocket socket_;
  std::optional<asio::ssl::stream<StreamSocket&>> tls_;
};

}  // namespace baton::http
