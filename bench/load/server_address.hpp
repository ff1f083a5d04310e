// The server under load: found once, before anything is measured.
#pragma once

#include <chrono>
#include <string>

#include <asio/generic/stream_protocol.hpp>

#include "base/result.hpp"
#include "http/client.hpp"

namespace baton::load {

struct ServerAddress {
  asio::generic::stream_protocol::endpoint endpoint;
  std::string host;  // for the Host header
};

// The first address of `peer` that lets us connect. kUnavailable: none does, or not in time. Blocks.
Result<ServerAddress> reach(const http::Peer& peer, std::chrono::steady_clock::time_point deadline);

}  // namespace baton::load
