// From a name and a port to a connected socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <asio/generic/stream_protocol.hpp>

#include "base/result.hpp"
#include "http/name_lookup.hpp"
#include "http/stream_socket.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::http {

struct Destination {
  std::string host;  // a name, or an address without brackets
  std::uint16_t port = 0;
  bool loopback_only = false;  // other machines' addresses are not connected to
};

class Dialer {
 public:
  using Endpoints = std::vector<asio::generic::stream_protocol::endpoint>;

  Dialer(reactor::Loop& loop, NameLookup& names);  // which outlive it
  Dialer(const Dialer&) = delete;
  Dialer& operator=(const Dialer&) = delete;

  // The addresses in the order in which to try them; "localhost" is this machine, whatever a name server says.
  // kNotFound, kIo (nobody could say), kDenied (loopback_only, and the name is another machine's), kCancelled.
  reactor::Task<Result<Endpoints>> addresses(Destination to);

  // Connects to the first one that answers. With a `limit` above 0 each but the last gets its share of it, so that one
  // that swallows everything does not use up the time of all. kUnavailable: none answers; kCancelled.
  reactor::Task<Result<Unit>> connect(StreamSocket& socket, Endpoints endpoints, std::chrono::nanoseconds limit);

  // What goes on ends soon with kCancelled, provided that the caller closes the socket too.
  void cancel();

 private:
  struct Question;
  reactor::Task<Result<NameLookup::Addresses>> look_up(std::string name);

  reactor::Loop& loop_;
  NameLookup& names_;
  bool cancelled_ = false;
  std::shared_ptr<Question> question_;
};

}  // namespace baton::http
