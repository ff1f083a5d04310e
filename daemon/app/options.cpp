#include "app/options.hpp"

#include <CLI/CLI.hpp>

#include "app/exit_codes.hpp"
#include "app/version.hpp"

namespace baton::app {

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  Options& options = parsed.options;
  CLI::App cli(
      "Owns a board of tasks and the git worktrees the work happens in, and passes tasks between agent runtimes.",
      "batond");
  cli.add_option("--config", options.config_file, "Configuration file")->type_name("FILE");
  cli.add_option("--state", options.state, "State directory")->type_name("DIR");
  cli.add_option("--listen", options.listen, "Address to serve HTTP on; repeatable; port 0 lets the system pick")
      ->type_name("HOST:PORT")
      ->allow_extra_args(false);
  cli.add_option("--socket", options.socket, "Unix socket to serve HTTP on")->type_name("PATH");
  cli.add_option("--plugins", options.plugin_directories,
                 "Directory with plugins, searched before the configured ones; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
  cli.add_flag("--safe-mode", options.safe_mode, "Only with the plugins that are installed with batond");
  cli.add_flag("--check-config", options.check_config, "Read the configuration, say what is wrong, and end");
  cli.set_version_flag("--version", std::string("batond ") + kVersion);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help, --version
    parsed.exit_code = cli.exit(done);
  } catch (const CLI::ParseError& mistake) {
    (void)cli.exit(mistake);  // prints
    parsed.exit_code = kExitUsage;
  }
  return parsed;
}

}  // namespace baton::app
