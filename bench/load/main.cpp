// baton-bench: load from outside. It speaks the public HTTP API alone, so it measures any server that has it.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>

#include "load/claims.hpp"
#include "load/exit_codes.hpp"
#include "load/report.hpp"

namespace baton::load {
namespace {

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
  const auto outcome = run_claims(options, *address, deadline);
  const auto report = options.json ? json_report(options, outcome) : text_report(options, outcome);
  std::fwrite(report.data(), 1, report.size(), stdout);
  return outcome.violations.total() == 0 ? kExitOk : kExitViolation;
}

}  // namespace
}  // namespace baton::load

int main(int argc, char** argv) { return baton::load::main_of(argc, argv); }
