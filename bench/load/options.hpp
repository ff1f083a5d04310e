// The command line of baton-bench.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "http/client.hpp"

namespace baton::load {

struct Options {
  std::string url;
  http::Peer peer;
  std::uint32_t clients = 64;   // connections
  std::uint32_t claimants = 1;  // attempts per task
  std::uint32_t tasks = 10'000;
  std::uint32_t pipeline = 1;  // requests under way per connection
  std::chrono::seconds timeout{300};
  bool json = false;
};

struct ParsedOptions {
  Options options;
  std::optional<int> exit_code;  // set when there is nothing left to do: --help, or a mistake, which was printed
};

ParsedOptions parse_options(int argc, const char* const* argv);

}  // namespace baton::load
