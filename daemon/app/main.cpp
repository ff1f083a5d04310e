#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include "app/config.hpp"
#include "app/daemon.hpp"
#include "app/exit_codes.hpp"
#include "app/install.hpp"
#include "app/options.hpp"

namespace baton::app {
namespace {

// Else the first files that are opened get these numbers, and what is said goes into them. open() takes the lowest
// number that is free.
void fill_standard_streams() {
  for (int taken = -1; taken < STDERR_FILENO;) {
    taken = ::open("/dev/null", O_RDWR);
    if (taken > STDERR_FILENO) ::close(taken);
    if (taken < 0) return;
  }
}

int main_of(int argc, char** argv) {
  fill_standard_streams();
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
