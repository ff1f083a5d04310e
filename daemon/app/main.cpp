#include <cstdio>
#include <cstdlib>

#include "app/config.hpp"
#include "app/daemon.hpp"
#include "app/exit_codes.hpp"
#include "app/install.hpp"
#include "app/options.hpp"

namespace baton::app {
namespace {

int main_of(int argc, char** argv) {
  const auto parsed = parse_options(argc, argv);
  if (parsed.exit_code) return *parsed.exit_code;
  const auto config = load_config(parsed.options, ops::process_environment, install_prefix());
  if (!config) {
    std::fprintf(stderr, "batond: %s\n", config.error().what.c_str());
    return kExitConfig;
  }
  if (parsed.options.check_config) {
    std::printf("the configuration is fine; state: %s\n", config->state.c_str());
    return kExitOk;
  }
  log::set_up(config->log_level,
              std::getenv("JOURNAL_STREAM") != nullptr ? log::Style::kJournal : log::Style::kTerminal);
  return run_daemon(*config, ops::ServiceManager::from_environment());
}

}  // namespace
}  // namespace baton::app

int main(int argc, char** argv) { return baton::app::main_of(argc, argv); }
