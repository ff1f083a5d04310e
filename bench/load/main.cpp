// baton-bench: load from outside. It speaks the public HTTP API alone, so it measures any server that has it.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>

#include "base/bug.hpp"
#include "load/claim_next.hpp"
#include "load/claims.hpp"
#include "load/exit_codes.hpp"
#include "load/repeat.hpp"
#include "load/report.hpp"

namespace baton::load {
namespace {

// True: no promise was broken.
template <class Outcome>
bool told(const Options& options, const Outcome& outcome) {
  const auto report = options.json ? json_report(options, outcome) : text_report(options, outcome);
  std::fwrite(report.data(), 1, report.size(), stdout);
  return outcome.violations.total() == 0;
}

bool run(const Options& options, const ServerAddress& address, std::chrono::steady_clock::time_point deadline) {
  switch (options.command) {
    case Command::kClaims: return told(options, run_claims(options, address, deadline));
    case Command::kClaimNext: return told(options, run_claim_next(options, address, deadline));
    case Command::kRepeat: return told(options, run_repeat(options, address, deadline));
  }
  bug("Command out of range");
}

int main_of(int argc, char** argv) {
  const auto parsed = parse_options(argc, argv);
  if (parsed.exit_code) return *parsed.exit_code;
  const Options& options = parsed.options;
  std::signal(SIGPIPE, SIG_IGN);
  const auto deadline = std::chrono::steady_clock::now() + options.timeout;
  const auto address = reach(options.peer, deadline);
  if (!address) {
    std::fprintf(stderr, "baton-bench: %s: %s\n", options.url.c_str(), address.error().what.c_str());
    return kExitUnreachable;
  }
  return run(options, *address, deadline) ? kExitOk : kExitViolation;
}

}  // namespace
}  // namespace baton::load

int main(int argc, char** argv) { return baton::load::main_of(argc, argv); }
