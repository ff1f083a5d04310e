// Listening sockets, bound but not yet accepting anything.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include <asio/ip/tcp.hpp>

#include "base/result.hpp"

namespace baton::http {

struct ListeningSocket {
  int descriptor = -1;              // the caller's to close
  std::string address = {};         // of TCP: as it was chosen
  std::filesystem::path path = {};  // of a unix socket: to be removed at the end
};

// kIo: taken, or not this machine's. An IPv6 address takes IPv6 alone.
Result<ListeningSocket> listen_on(const asio::ip::tcp::endpoint& endpoint);

// `mode` says who may connect, whatever the umask. A file that nobody listens behind is replaced. kInvalid: too long
// for a socket. kIo: somebody listens there, or it is not a socket.
Result<ListeningSocket> listen_on(const std::filesystem::path& path, mode_t mode);

// One that is listening already, as systemd hands it over.
Result<ListeningSocket> adopt(int descriptor);

}  // namespace baton::http
