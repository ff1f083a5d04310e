#include "load/options.hpp"

#include <CLI/CLI.hpp>

#include "load/exit_codes.hpp"

namespace baton::load {
namespace {

// Ten million tasks are about 500 MB of ids; a connection costs 16 KiB.
constexpr std::uint32_t kTasksAtMost = 10'000'000;
constexpr std::uint32_t kRequestsAtMost = 1'000'000'000;
constexpr std::uint32_t kClientsAtMost = 20'000;
constexpr std::uint32_t kClaimantsAtMost = 1'000;
constexpr std::uint32_t kPipelineAtMost = 256;

// What all commands have.
void add_common(CLI::App& command, Options& options, std::int64_t& timeout_s) {
  command.add_option("--url", options.url, "The server: http://HOST:PORT or unix:PATH")->required();
  command.add_option("--clients", options.clients, "Connections")
      ->check(CLI::Range(1U, kClientsAtMost))
      ->capture_default_str();
  command.add_option("--pipeline", options.pipeline, "Requests under way on each connection")
      ->check(CLI::Range(1U, kPipelineAtMost))
      ->capture_default_str();
  command.add_option("--timeout", timeout_s, "Seconds for everything")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  command.add_flag("--json", options.json, "Report as JSON");
}

void add_requests(CLI::App& command, Options& options) {
  command.add_option("--requests", options.requests, "Requests in all")
      ->check(CLI::Range(1U, kRequestsAtMost))
      ->capture_default_str();
}

void add_claims(CLI::App& command, Options& options) {
  command.add_option("--claimants", options.claimants, "Attempts per task; one of them must win")
      ->check(CLI::Range(1U, kClaimantsAtMost))
      ->capture_default_str();
  auto* tasks = command.add_option("--tasks", options.tasks, "Tasks to create and claim")
                    ->check(CLI::Range(1U, kTasksAtMost))
                    ->capture_default_str();
  command.add_option("--ids", options.ids, "Claim these tasks instead: a file with the id of a free one in each line")
      ->check(CLI::ExistingFile)
      ->excludes(tasks);
}

void add_repeat(CLI::App& command, Options& options) {
  command.add_option("--path", options.path, "What is asked for, as it stands in a request")
      ->required()
      ->check([](const std::string& path) {
        const bool is_plain = path.find_first_of(" \t\r\n") == std::string::npos;
        return !path.empty() && path[0] == '/' && is_plain ? std::string() : std::string("must be like /api/board");
      });
  command.add_option("--body", options.body, "JSON to POST; without it, GET");
  command.add_option("--expect", options.expected, "The status that answers must have")
      ->check(CLI::Range(200, 599))
      ->capture_default_str();
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  Options& options = parsed.options;
  std::int64_t timeout_s = options.timeout.count();
  CLI::App cli("Puts a server of the board's HTTP API under load and checks its promises.", "baton-bench");
  cli.require_subcommand(1);
  const auto command = [&](Command which, const char* name, const char* what) {
    auto* added = cli.add_subcommand(name, what);
    add_common(*added, options, timeout_s);
    added->callback([&options, which] { options.command = which; });
    return added;
  };
  add_claims(*command(Command::kClaims, "claims", "Create tasks, let claimants race for them, read each one back"),
             options);
  add_requests(*command(Command::kClaimNext, "claim-next", "Ask for the best ready task again and again"), options);
  auto* repeat = command(Command::kRepeat, "repeat", "Send one request again and again");
  add_requests(*repeat, options);
  add_repeat(*repeat, options);
  try {
    cli.parse(argc, argv);
    auto peer = http::peer_from(options.url);
    if (!peer) throw CLI::ValidationError("--url", peer.error().what);
    options.peer = *std::move(peer);
    options.timeout = std::chrono::seconds(timeout_s);
  } catch (const CLI::Success& done) {  // --help
    parsed.exit_code = cli.exit(done);
  } catch (const CLI::ParseError& mistake) {
    (void)cli.exit(mistake);  // prints
    parsed.exit_code = kExitUsage;
  }
  return parsed;
}

}  // namespace baton::load
