#include "http/server.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

#include "http/address.hpp"
#include "http/connection.hpp"
#include "http/connection_table.hpp"
#include "http/listener.hpp"
#include "http/service.hpp"

namespace baton::http {

struct Server::State {
  State(reactor::Loop& loop, const Router& router, ServerOptions options)
      : service(loop, router, std::move(options)), table(new ConnectionTable(service)) {
    for (const auto& host : service.options.allowed_hosts) service.guard.allow(host);
  }
  ~State() {
    listeners.clear();
    table->abandon();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::string listen(ListeningSocket socket);
  void accepted(int descriptor, bool guarded);
  void sweep();
  bool quiet() const;

  Service service;
  ConnectionTable* table;  // outlives this for the sake of late responders
  std::vector<std::unique_ptr<Listener>> listeners;
  std::optional<reactor::Ticker> ticker;  // while there are connections
};

namespace {

// One connection too many. What it sent is not read: all that could be done for it is said at once.
void turn_away(int descriptor) {
  constexpr std::string_view kAnswer =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 32\r\n"
      "X-Content-Type-Options: nosniff\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
      "{\"error\":\"too many connections\"}";
  static_assert(kAnswer.ends_with("\r\n\r\n{\"error\":\"too many connections\"}"));
  [[maybe_unused]] const auto sent = ::send(descriptor, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::shutdown(descriptor, SHUT_WR);
  char dropped[4096];
  [[maybe_unused]] const auto read = ::recv(descriptor, dropped, sizeof dropped, MSG_DONTWAIT);
  ::close(descriptor);
}

}  // namespace

std::string Server::State::listen(ListeningSocket socket) {
  std::string address = socket.address;
  const bool guarded = !address.empty();
  if (guarded) service.guard.allow(address);
  listeners.push_back(std::make_unique<Listener>(
      service.loop, std::move(socket), [this, guarded](int descriptor) { accepted(descriptor, guarded); },
      [this] { service.changed.notify_all(); }));
  return address;
}

void Server::State::accepted(int descriptor, bool guarded) {
  if (table->size() >= service.options.connections) return turn_away(descriptor);
  StreamSocket socket(service.loop.context());
  std::error_code error;
  socket.assign({guarded ? AF_INET : AF_UNIX, 0}, descriptor, error);
  if (error) {
    ::close(descriptor);
    return;
  }
  socket.non_blocking(true, error);
  if (!ticker) ticker.emplace(service.loop, service.options.sweep, [this] { sweep(); });
  table->open(std::move(socket), guarded);
}

void Server::State::sweep() {
  table->sweep();
  if (table->size() == 0) ticker.reset();
}

bool Server::State::quiet() const {
  const auto busy = [](const auto& listener) { return listener->busy(); };
  return table->quiet() && service.tasks.alive() == 0 && std::none_of(listeners.begin(), listeners.end(), busy);
}

Server::Server(reactor::Loop& loop, const Router& router, ServerOptions options)
    : state_(std::make_unique<State>(loop, router, std::move(options))) {}

Server::~Server() = default;

Result<std::string> Server::listen_tcp(const std::string& address) {
  const auto endpoint = endpoint_from(address);
  if (!endpoint) return fail(endpoint.error());
  auto socket = listen_on(*endpoint);
  if (!socket) return fail(socket);
  return state_->listen(std::move(*socket));
}

Result<Unit> Server::listen_unix(const std::filesystem::path& path) {
  auto socket = listen_on(path, state_->service.options.socket_mode);
  if (!socket) return fail(socket);
  state_->listen(std::move(*socket));
  return Unit{};
}

Result<std::string> Server::listen_inherited(int descriptor) {
  auto socket = adopt(descriptor);
  if (!socket) return fail(socket);
  return state_->listen(std::move(*socket));
}

void Server::start() {
  for (const auto& listener : state_->listeners) listener->start();
}

void Server::stop_listening() {
  state_->service.stopping = true;
  for (const auto& listener : state_->listeners) listener->close();
  state_->table->for_each([](Connection& connection) { connection.retire(); });
}

reactor::Task<> Server::closed() {
  stop_listening();
  state_->service.ending = true;
  state_->table->for_each([](Connection& connection) { connection.end_now(); });
  while (!state_->quiet()) {
    if (state_->service.tasks.alive() > 0) {
      co_await state_->service.tasks.drained();
    } else {
      co_await state_->service.changed.wait();
    }
  }
  state_->ticker.reset();
}

std::size_t Server::connections() const { return state_->table->size(); }

}  // namespace baton::http
