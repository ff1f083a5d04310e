// The command line of baton-bench.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "http/client.hpp"

namespace baton::load {

enum class Command : std::uint8_t { kClaims, kClaimNext, kRepeat };

struct Options {
  Command command = Command::kClaims;
  // All commands:
  std::string url;
  http::Peer peer;
  std::uint32_t clients = 64;  // connections
  std::uint32_t pipeline = 1;  // requests under way per connection
  std::chrono::seconds timeout{300};
  bool json = false;
  // claims:
  std::uint32_t claimants = 1;  // attempts per task
  std::uint32_t tasks = 10'000;
  std::filesystem::path ids;  // when not empty, tasks that are there: none is created
  // claim-next and repeat:
  std::uint32_t requests = 10'000;
  // repeat:
  std::string path;
  std::string body;  // empty: GET
  int expected = 200;
};

struct ParsedOptions {
  Options options;
  std::optional<int> exit_code;  // set when there is nothing left to do: --help, or a mistake, which was printed
};

ParsedOptions parse_options(int argc, const char* const* argv);

}  // namespace baton::load
