// The exchange is one coroutine over one socket. Its time limit is one deadline that closes the socket: whatever waits
// then ends with an error, and the flag says why.
#include "http/client.hpp"

#include <array>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <asio/buffer.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include "base/limits.hpp"
#include "http/address.hpp"
#include "http/ascii.hpp"
#include "http/dialer.hpp"
#include "http/host_guard.hpp"
#include "http/name_lookup.hpp"
#include "http/request_head.hpp"
#include "http/response_parser.hpp"
#include "http/stream_socket.hpp"
#include "reactor/timer.hpp"

namespace baton::http {
namespace {

constexpr auto kToken = asio::experimental::as_tuple(asio::use_awaitable);

// One exchange's state; lives in fetch().
struct Exchange {
  explicit Exchange(reactor::Loop& loop) : socket(loop.context()), names(loop), dialer(loop, names) {}

  StreamSocket socket;
  NameLookup names;
  Dialer dialer;
  bool timed_out = false;
  bool enough = false;  // on_data wants no more
  ClientResponse response;
};

std::string name_of(const Peer& peer) {
  if (const auto* local = std::get_if<UnixPeer>(&peer)) return local->path.native();
  const auto& tcp = std::get<TcpPeer>(peer);
  return fmt::format(fmt::runtime(tcp.host.find(':') == std::string::npos ? "{}:{}" : "[{}]:{}"), tcp.host, tcp.port);
}

// Connects to the peer; what fails before there is a connection is kUnavailable, unless the peer is none.
reactor::Task<Result<Unit>> connect(Exchange& exchange, Peer peer) {
  Dialer::Endpoints endpoints;
  if (const auto* local = std::get_if<UnixPeer>(&peer)) {
    constexpr std::size_t kLongest = 107;  // sun_path, with its zero
    if (local->path.native().size() > kLongest) co_return fail(Errc::kInvalid, "the path of the socket is too long");
    endpoints.emplace_back(asio::local::stream_protocol::endpoint(local->path.native()));
  } else {
    const auto& tcp = std::get<TcpPeer>(peer);
    const auto port = port_from(tcp.port);
    if (!port) co_return fail(Errc::kInvalid, fmt::format("\"{}\" is not a port", tcp.port));
    const Destination to{.host = tcp.host, .port = *port};
    auto found = co_await exchange.dialer.addresses(to);
    if (!found) co_return fail(Errc::kUnavailable, found.error().what);
    endpoints = std::move(*found);
  }
  auto connected = co_await exchange.dialer.connect(exchange.socket, std::move(endpoints), std::chrono::nanoseconds(0));
  if (!connected)
    co_return fail(Errc::kUnavailable, fmt::format("nothing answers at {}: {}", name_of(peer), connected.error().what));
  co_return Unit{};
}

Result<std::string> head_of(const ClientRequest& request, const Peer& peer) {
  const bool target_fine =
      request.target.starts_with('/') && request.target.find_first_of(" \r\n\t") == std::string::npos;
  if (!target_fine) return fail(Errc::kInvalid, "a request target begins with '/' and has no white space");
  std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", to_text(request.method),
                                 request.target, std::holds_alternative<UnixPeer>(peer) ? "localhost" : name_of(peer));
  bool typed = false;
  for (const auto& [name, value] : request.headers) {
    if (auto appended = append_header(head, name, value); !appended) return fail(appended);
    typed = typed || ascii::equal(name, "content-type");
  }
  const bool takes_body = request.method != Method::kGet && request.method != Method::kHead;
  if (!request.body.empty() && !typed) head += "Content-Type: application/json\r\n";
  if (!request.body.empty() || takes_body) head += fmt::format("Content-Length: {}\r\n", request.body.size());
  return head + "\r\n";
}

// Takes a piece of the answer's body.
Result<Unit> take(Exchange& exchange, const ClientRequest& request, const ResponseHead& head, std::string_view piece) {
  if (request.on_data && head.status / 100 == 2) {
    exchange.enough = exchange.enough || !request.on_data(piece);
    return Unit{};
  }
  std::string& body = exchange.response.body;
  if (body.size() + piece.size() > limits::kFetchedBody) return fail(Errc::kTooLarge, "the answer is beyond 64 MiB");
  body.append(piece);
  return Unit{};
}

reactor::Task<Result<Unit>> read_answer(Exchange& exchange, const ClientRequest& request) {
  // The callback needs the head of the parser that calls it.
  ResponseParser* self = nullptr;
  ResponseParser parser(request.method == Method::kHead,
                        [&](std::string_view piece) { return take(exchange, request, self->head(), piece); });
  self = &parser;
  std::string input;
  const auto block = std::make_unique<std::array<char, 16 * 1024>>();
  while (!parser.done() && !exchange.enough) {
    auto [error, count] = co_await exchange.socket.async_read_some(asio::buffer(*block), kToken);
    input.append(block->data(), count);
    auto used = parser.put(input);
    if (!used) co_return fail(used);
    input.erase(0, *used);
    if (!error || parser.done()) continue;
    if (error != asio::error::eof) co_return fail(Errc::kIo, "the connection broke: " + error.message());
    auto whole = parser.put_eof();
    if (!whole) co_return fail(whole);
    break;
  }
  exchange.response.status = parser.head().status;
  exchange.response.headers = parser.head().headers;
  co_return Unit{};
}

reactor::Task<Result<Unit>> converse(Exchange& exchange, const Peer& peer, const ClientRequest& request) {
  const auto head = head_of(request, peer);
  if (!head) co_return fail(head.error());
  auto connected = co_await connect(exchange, peer);
  if (!connected) co_return fail(connected);
  const std::array<asio::const_buffer, 2> out{asio::buffer(*head), asio::buffer(request.body)};
  // A server that refuses early closes its side while we still write; its answer is worth reading nevertheless.
  co_await asio::async_write(exchange.socket, out, kToken);
  co_return co_await read_answer(exchange, request);
}

}  // namespace

Result<Peer> peer_from(std::string_view url) {
  constexpr std::string_view kUnix = "unix:";
  constexpr std::string_view kHttp = "http://";
  if (url.starts_with(kUnix) && url.size() > kUnix.size()) {
    return Peer(UnixPeer{std::filesystem::path(url.substr(kUnix.size()))});
  }
  if (url.starts_with(kHttp)) {
    auto authority = url.substr(kHttp.size());
    if (authority.ends_with('/')) authority.remove_suffix(1);
    const auto host = host_of(authority);
    const auto colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && !authority.ends_with(']');
    const auto port = has_port ? authority.substr(colon + 1) : std::string_view("80");
    if (host && port_from(port)) {
      return Peer(TcpPeer{*host, std::string(port)});
    }
  }
  return fail(Errc::kInvalid, fmt::format("\"{}\" is not http://host:port or unix:/path", url));
}

reactor::Task<Result<ClientResponse>> fetch(reactor::Loop& loop, Peer peer, ClientRequest request) {
  Exchange exchange(loop);
  std::optional<reactor::Deadline> deadline;
  if (request.timeout.count() > 0) {
    deadline.emplace(loop, request.timeout, [&exchange] {
      exchange.timed_out = true;
      exchange.dialer.cancel();
      std::error_code ignored;
      exchange.socket.close(ignored);
    });
  }
  auto done = co_await converse(exchange, peer, request);
  if (!done && exchange.timed_out) {
    co_return fail(Errc::kTimeout,
                   fmt::format("no answer within {} ms from {}", request.timeout.count(), name_of(peer)));
  }
  if (!done) co_return fail(done);
  co_return std::move(exchange.response);
}

}  // namespace baton::http
