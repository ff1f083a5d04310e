#include "load/options.hpp"

#include <CLI/CLI.hpp>

#include "load/exit_codes.hpp"

namespace baton::load {
namespace {

// Ten million tasks are about 500 MB of ids; a connection costs 16 KiB.
constexpr std::uint32_t kTasksAtMost = 10'000'000;
constexpr std::uint32_t kClientsAtMost = 20'000;
constexpr std::uint32_t kClaimantsAtMost = 1'000;
constexpr std::uint32_t kPipelineAtMost = 256;

void add_claims(CLI::App& cli, Options& options, std::int64_t& timeout_s) {
  auto* claims = cli.add_subcommand("claims", "Create tasks, let claimants race for them, read each one back");
  claims->add_option("--url", options.url, "The server: http://HOST:PORT or unix:PATH")->required();
  claims->add_option("--clients", options.clients, "Connections")
      ->check(CLI::Range(1U, kClientsAtMost))
      ->capture_default_str();
  claims->add_option("--claimants", options.claimants, "Attempts per task; one of them must win")
      ->check(CLI::Range(1U, kClaimantsAtMost))
      ->capture_default_str();
  claims->add_option("--tasks", options.tasks, "Tasks to create and claim")
      ->check(CLI::Range(1U, kTasksAtMost))
      ->capture_default_str();
  claims->add_option("--pipeline", options.pipeline, "Requests under way on each connection")
      ->check(CLI::Range(1U, kPipelineAtMost))
      ->capture_default_str();
  claims->add_option("--timeout", timeout_s, "Seconds for everything")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  claims->add_flag("--json", options.json, "Report as JSON");
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  std::int64_t timeout_s = parsed.options.timeout.count();
  CLI::App cli("Puts a server of the board's HTTP API under load and checks its promises.", "baton-bench");
  cli.require_subcommand(1);
  add_claims(cli, parsed.options, timeout_s);
  try {
    cli.parse(argc, argv);
    auto peer = http::peer_from(parsed.options.url);
    if (!peer) throw CLI::ValidationError("--url", peer.error().what);
    parsed.options.peer = *std::move(peer);
    parsed.options.timeout = std::chrono::seconds(timeout_s);
  } catch (const CLI::Success& done) {  // --help
    parsed.exit_code = cli.exit(done);
  } catch (const CLI::ParseError& mistake) {
    (void)cli.exit(mistake);  // prints
    parsed.exit_code = kExitUsage;
  }
  return parsed;
}

}  // namespace baton::load
