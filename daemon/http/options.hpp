// What an operator or a test may set about a server. The defaults are the limits of base/limits.hpp.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/limits.hpp"

namespace baton::http {

inline constexpr mode_t kSocketMode = 0600;

struct ServerOptions {
  // Host names under which TCP clients may reach the server, beside localhost, the loopback addresses and the addresses
  // that it listens on (host_guard.hpp). Without a port.
  std::vector<std::string> allowed_hosts = {};

  std::chrono::nanoseconds header_deadline = limits::kHeaderDeadline;  // from a request's first byte
  std::chrono::nanoseconds body_deadline = limits::kBodyDeadline;  // from the end of its head; and for a stalled write
  std::chrono::nanoseconds keep_alive = limits::kKeepAlive;
  std::chrono::nanoseconds linger = limits::kLinger;
  std::chrono::nanoseconds event_beat = limits::kEventBeat;
  std::chrono::nanoseconds sweep = std::chrono::milliseconds(500);  // how exactly the others are kept

  mode_t socket_mode = kSocketMode;  // of unix sockets: who may connect

  std::size_t connections = limits::kConnections;
  std::size_t event_backlog = limits::kEventStreamBacklog;
};

}  // namespace baton::http
