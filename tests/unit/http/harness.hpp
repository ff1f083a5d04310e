// A server on a loopback port, and clients that speak raw bytes to it from the same thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/address.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "tests/support/run_task.hpp"

namespace baton::http::test {

using baton::test::run_task;
using baton::test::run_until;

// A connected, non-blocking client socket. What it received is kept in `received`.
class RawClient {
 public:
  RawClient(reactor::Loop& loop, const std::string& address) : loop_(loop) {
    const auto endpoint = endpoint_from(address);
    require(endpoint.has_value(), "test address");
    socket_ = ::socket(endpoint->protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    require(::connect(socket_, endpoint->data(), static_cast<socklen_t>(endpoint->size())) == 0, "test connect");
    ::fcntl(socket_, F_SETFL, O_NONBLOCK);
  }
  RawClient(reactor::Loop& loop, const std::filesystem::path& path) : loop_(loop) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    require(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "test connect");
    ::fcntl(socket_, F_SETFL, O_NONBLOCK);
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { leave(); }

  // Sends everything, turning the loop when the server does not read fast enough. False when the server cut us off.
  bool send(std::string_view bytes) {
    bool broken = false;
    const bool sent = run_until(loop_, [&] {
      const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
      broken = count < 0 && errno != EAGAIN;
      return broken || bytes.empty();
    });
    return sent && !broken;
  }

  bool receive_until(std::string_view text) {
    return run_until(loop_, [&] {
      receive();
      return received.find(text) != std::string::npos;
    });
  }
  // Everything until the server closes its side; not when it resets the connection.
  bool receive_all() {
    run_until(loop_, [&] {
      receive();
      return ended;
    });
    return ended && !reset;
  }
  bool receive_answers(std::size_t count) {
    return run_until(loop_, [&] {
      receive();
      return answers() >= count;
    });
  }
  std::size_t answers() const {
    std::size_t count = 0;
    for (auto at = received.find("HTTP/1.1 "); at != std::string::npos; at = received.find("HTTP/1.1 ", at + 1))
      ++count;
    return count;
  }

  void shut_writing() { ::shutdown(socket_, SHUT_WR); }
  // Leaves at once; the server sees a reset.
  void break_off() {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    leave();
  }
  void leave() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

  void receive() {
    char block[64 * 1024];
    while (!ended) {
      const auto count = ::recv(socket_, block, sizeof block, 0);
      if (count < 0 && errno == EAGAIN) return;
      if (count <= 0) {
        ended = true;
        reset = count < 0;
        return;
      }
      received.append(block, static_cast<std::size_t>(count));
    }
  }

  std::string received;
  bool ended = false;
  bool reset = false;

 private:
  reactor::Loop& loop_;
  int socket_ = -1;
};

inline Route route(Method method, std::string_view pattern, Handler handler) {
  return Route{.method = method,
               .pattern = pattern,
               .operation = pattern,
               .summary = "",
               .tag = "test",
               .handler = std::move(handler),
               .any_body = true};
}

inline Response text_response(std::string body) { return Response{.body = std::move(body)}; }

// Echoes method, path and body, so that a test sees what the server understood.
inline void echo(Request& request, Responder responder) {
  responder.send(text_response(std::string(to_text(request.method)) + " " + request.path + " [" + request.body + "]"));
}

inline std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}
inline std::string post(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// Short deadlines; a test that is about one of them sets it shorter still.
inline ServerOptions quick() {
  ServerOptions options;
  options.sweep = std::chrono::milliseconds(5);
  return options;
}

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    router.add(route(Method::kGet, "/echo", echo));
    router.add(route(Method::kPost, "/echo", echo));
    router.add(route(Method::kGet, "/api/things/{name}", [](Request& request, Responder responder) {
      responder.send(text_response("\"" + request.params[0] + "\""));
    }));
    router.add(route(Method::kGet, "/later",
                     [this](Request&, Responder responder) { waiting.push_back(std::move(responder)); }));
    router.add(route(Method::kGet, "/stream",
                     [this](Request&, Responder responder) { streams.push_back(responder.stream()); }));
  }
  ~ServerTest() override {
    waiting.clear();
    if (server) end();
  }

  void serve(ServerOptions options = quick()) {
    server.emplace(loop, router, std::move(options));
    auto chosen = server->listen_tcp("127.0.0.1:0");
    ASSERT_TRUE(chosen) << chosen.error().what;
    address = *chosen;
    server->start();
  }
  RawClient client() { return RawClient(loop, address); }

  void end() {
    reactor::Scope scope(loop);
    scope.spawn(server->closed());
    EXPECT_TRUE(run_until(loop, [&] { return scope.alive() == 0; })) << "the server did not end";
    server.reset();
  }
  bool wait_for_connections(std::size_t count) {
    return run_until(loop, [&] { return server->connections() == count; });
  }

  reactor::Loop loop;
  Router router;
  std::optional<Server> server;
  std::string address;
  std::vector<Responder> waiting;
  std::vector<EventStream> streams;
};

}  // namespace baton::http::test
