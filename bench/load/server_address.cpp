#include "load/server_address.hpp"

#include <vector>

#include <fmt/format.h>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>

#include "http/stream_socket.hpp"

namespace baton::load {
namespace {

using Endpoint = asio::generic::stream_protocol::endpoint;

Result<std::vector<Endpoint>> resolve(const http::Peer& peer) {
  std::vector<Endpoint> found;
  if (const auto* local = std::get_if<http::UnixPeer>(&peer)) {
    constexpr std::size_t kLongest = 107;  // sun_path, with its zero
    if (local->path.native().size() > kLongest) return fail(Errc::kInvalid, "the path of the socket is too long");
    found.emplace_back(asio::local::stream_protocol::endpoint(local->path.native()));
    return found;
  }
  const auto& tcp = std::get<http::TcpPeer>(peer);
  asio::io_context context;
  asio::ip::tcp::resolver resolver(context);
  std::error_code error;
  const auto list = resolver.resolve(tcp.host, tcp.port, error);
  if (error) return fail(Errc::kUnavailable, fmt::format("{}: {}", tcp.host, error.message()));
  for (const auto& entry : list) found.emplace_back(entry.endpoint());
  return found;
}

std::error_code try_connect(const Endpoint& endpoint, std::chrono::steady_clock::time_point deadline) {
  asio::io_context context(1);
  http::StreamSocket socket(context);
  std::error_code result = asio::error::timed_out;
  socket.async_connect(endpoint, [&](std::error_code error) { result = error; });
  context.run_until(deadline);
  return result;
}

std::string host_header(const http::Peer& peer) {
  if (std::holds_alternative<http::UnixPeer>(peer)) return "localhost";
  const auto& tcp = std::get<http::TcpPeer>(peer);
  const bool is_v6 = tcp.host.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", tcp.host, tcp.port) : fmt::format("{}:{}", tcp.host, tcp.port);
}

}  // namespace

Result<ServerAddress> reach(const http::Peer& peer, std::chrono::steady_clock::time_point deadline) {
  const auto endpoints = resolve(peer);
  if (!endpoints) return fail(endpoints.error());
  std::error_code last = asio::error::host_not_found;
  for (const Endpoint& endpoint : *endpoints) {
    last = try_connect(endpoint, deadline);
    if (!last) return ServerAddress{endpoint, host_header(peer)};
  }
  return fail(Errc::kUnavailable, "nothing answers there: " + last.message());
}

}  // namespace baton::load
