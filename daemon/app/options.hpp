// The command line of batond.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace baton::app {

struct Options {
  std::optional<std::string> config_file;
  std::optional<std::string> state;
  std::vector<std::string> listen;
  std::optional<std::string> socket;
  std::vector<std::string> plugin_directories;
  bool safe_mode = false;
  bool check_config = false;
};

// What to do after the command line was read: go on, or end with a code (--help, --version, or a mistake; already
// printed).
struct ParsedOptions {
  Options options;
  std::optional<int> exit_code;
};

ParsedOptions parse_options(int argc, const char* const* argv);

}  // namespace baton::app
