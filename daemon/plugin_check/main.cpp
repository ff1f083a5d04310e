// baton-plugin-check FILE: tries a plugin against the contract of the plugin API, check by check (README.md).
#include <cstdio>
#include <vector>

#include <fmt/format.h>

#include "base/log.hpp"
#include "plugin_check/options.hpp"
#include "plugin_check/report.hpp"
#include "plugin_check/runner.hpp"

namespace {

using namespace baton::plugin_check;

int try_all(const Options& options) {
  std::vector<Tried> all;
  for (const Check* check : chosen(options)) {
    auto tried = options.in_process ? try_here(options, *check) : try_apart(options, *check);
    if (!tried) {
      fmt::print(stderr, "baton-plugin-check: {}: {}\n", check->id, tried.error().what);
      return kExitUsage;
    }
    all.push_back(*std::move(tried));
    if (!options.json) fmt::print("{}", line_for(all.back(), options));
    std::fflush(stdout);
  }
  fmt::print("{}", options.json ? report_json(options, all) : summary_text(all));
  return is_good(all) ? kExitFine : kExitFaults;
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = parse_options(argc, argv);
  if (parsed.exit_code != -1) return parsed.exit_code;
  const Options& options = parsed.options;
  baton::log::set_up(baton::log::Level::kWarn, baton::log::Style::kTerminal);
  if (options.list) {
    fmt::print("{}", list_text(options.json));
    return kExitFine;
  }
  if (!options.child.empty()) be_the_child(options);
  if (const auto readable = subject_for(options, {}); !readable) {
    fmt::print(stderr, "baton-plugin-check: {}\n", readable.error().what);
    return kExitUsage;
  }
  return try_all(options);
}
