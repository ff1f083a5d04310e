// The HTTP server: listeners, connections, one sweep timer.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "http/options.hpp"
#include "http/route.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::http {

class Router;

class Server {
 public:
  // Serves `router`, which must outlive the server.
  Server(reactor::Loop& loop, const Router& router, ServerOptions options = {});
  ~Server();  // after closed(), or when start() was never called
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens on "127.0.0.1:18790", "[::1]:0", "localhost:80"; returns the chosen address in the same form. The port is
  // bound at once, but nothing is accepted before start(). Clients must name this address, a loopback one or one of
  // the options' hosts. kInvalid: not an address. kIo: taken, or not this machine's.
  Result<std::string> listen_tcp(const std::string& address);
  // Listens on a unix socket with the options' mode. A stale file of a dead daemon is replaced (the caller holds the
  // instance lock).
  Result<Unit> listen_unix(const std::filesystem::path& path);
  // Takes over a socket that is listening already, from systemd. Returns its address; empty for a unix socket.
  // kInvalid: it is not one.
  Result<std::string> listen_inherited(int descriptor);

  void start();           // begin to accept
  void stop_listening();  // no new connections; requests in progress go on; idle connections are closed

  // Ends when the last request has been answered and every connection is closed; event streams are ended at once. Calls
  // stop_listening().
  reactor::Task<> closed();

  std::size_t connections() const;  // open now

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace baton::http
