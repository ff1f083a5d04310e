#include "app/config.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>

#include "app/config_sources.hpp"
#include "ops/state_directory.hpp"

namespace baton::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultListen = "127.0.0.1:18790";

void apply_options(const Options& options, Config& config) {
  if (options.state) config.state = *options.state;
  if (!options.listen.empty()) config.listen = options.listen;
  if (options.socket) config.socket = *options.socket;
  if (options.safe_mode) config.safe_mode = true;
}

// Those of the command line come first, so that a plugin under development is found before its installed version.
std::vector<fs::path> plugin_directories(const Options& options, const fs::path& prefix, const Config& config) {
  if (config.safe_mode) return {prefix / "lib/baton/plugins"};
  std::vector<fs::path> all(options.plugin_directories.begin(), options.plugin_directories.end());
  const auto& configured = config.plugin_directories;
  all.insert(all.end(), configured.begin(), configured.end());
  if (configured.empty()) all.push_back(prefix / "lib/baton/plugins");
  std::vector<fs::path> once;
  for (const auto& directory : all) {
    const auto same = [&](const fs::path& other) {
      std::error_code error;
      return other == directory || fs::equivalent(other, directory, error);
    };
    if (std::ranges::none_of(once, same)) once.push_back(directory);
  }
  return once;
}

Result<Unit> check_runtime_names(const Config& config) {
  std::set<std::string_view> names;
  for (const auto& runtime : config.runtimes) {
    if (!names.insert(runtime.id).second) {
      return fail(Errc::kInvalid, "two runtimes are called '" + runtime.id + "'", "config");
    }
  }
  return Unit{};
}

Result<Unit> complete(const Environment& environment, Config& config) {
  if (config.state.empty()) config.state = ops::default_state(environment);
  if (config.state.empty()) return fail(Errc::kInvalid, "no state directory: set --state or BATON_HOME", "config");
  std::error_code error;  // a relative one needs the current directory, which may be gone
  config.state = fs::absolute(config.state, error).lexically_normal();
  if (error) return fail(Errc::kInvalid, "the state directory cannot be resolved: " + error.message(), "config");
  if (config.listen.empty()) config.listen = {kDefaultListen};
  if (config.socket.empty()) {
    const auto runtime = environment("RUNTIME_DIRECTORY");
    config.socket = ops::socket_in(runtime ? fs::path(runtime->substr(0, runtime->find(':'))) : config.state);
  }
  return check_runtime_names(config);
}

}  // namespace

Result<Config> load_config(const Options& options, const Environment& environment, const fs::path& prefix) {
  Config config;
  if (auto read = read_config_files(options, config); !read) return fail(read);
  if (auto read = read_environment(environment, config); !read) return fail(read);
  apply_options(options, config);
  config.plugin_directories = plugin_directories(options, prefix, config);
  if (auto completed = complete(environment, config); !completed) return fail(completed);
  return config;
}

}  // namespace baton::app
