#include "app/config.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "app/toml_reader.hpp"
#include "base/ids.hpp"

namespace baton::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSystemConfig = "/etc/baton/baton.toml";
constexpr const char* kDefaultListen = "127.0.0.1:18790";

void read_server(TomlReader& server, Config& config) {
  server.texts("listen", config.listen);
  std::string socket = config.socket.string();
  server.text("socket", socket);
  config.socket = socket;
  server.texts("allowed_hosts", config.allowed_hosts);
  server.finish();
}

void read_gate(TomlReader& gate, GateConfig& config) {
  gate.text("command", config.command);
  gate.seconds("timeout_s", config.timeout);
  gate.boolean("trust_worktree", config.trust_worktree);
  gate.one_of("unverified", config.unverified, {"review", "block", "done"});
  gate.boolean("block_green_debt", config.block_green_debt);
  gate.finish();
}

void read_run(TomlReader& run, RunConfig& config) {
  run.seconds("silence_s", config.silence);
  run.seconds("timeout_s", config.timeout);
  run.number("max_fix_cycles", config.max_fix_cycles);
  run.finish();
}

void read_runtimes(TomlReader& root, Config& config) {
  for (auto& reader : root.tables("runtime")) {
    RuntimeConfig runtime;
    reader.require("id");
    reader.require("plugin");
    reader.text("id", runtime.id);
    reader.text("plugin", runtime.plugin);
    reader.boolean("enabled", runtime.enabled);
    runtime.settings = reader.json("config");
    reader.check(runtime.id.empty() || is_safe_id(runtime.id), "id", "may hold letters, digits, '.', '_' and '-'");
    reader.finish();
    config.runtimes.push_back(std::move(runtime));
  }
}

void read_log(TomlReader& reader, Config& config) {
  std::string level = "info";
  reader.one_of("level", level, {"debug", "info", "warn", "error"});
  config.log_level = level == "debug"   ? log::Level::kDebug
                     : level == "warn"  ? log::Level::kWarn
                     : level == "error" ? log::Level::kError
                                        : log::Level::kInfo;
  reader.finish();
}

Result<Unit> read_file(const fs::path& file, Config& config) {
  std::optional<Error> problem;
  const toml::parse_result parsed = [&]() -> toml::parse_result {
    try {
      return toml::parse_file(file.string());
    } catch (const toml::parse_error& error) {
      problem =
          Error{Errc::kInvalid, fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()),
                "config"};
      return {};
    }
  }();
  if (problem) return fail(*problem);
  TomlReader root(parsed, "", file.string(), problem);
  std::string state = config.state.string();
  root.text("state", state);
  config.state = state;
  if (auto server = root.table("server")) read_server(*server, config);
  if (auto gate = root.table("gate")) read_gate(*gate, config.gate);
  if (auto run = root.table("run")) read_run(*run, config.run);
  if (auto git = root.table("git")) {
    git->seconds("timeout_s", config.git_timeout);
    git->finish();
  }
  if (auto plugins = root.table("plugins")) {
    std::vector<std::string> directories;
    plugins->texts("directories", directories);
    for (auto& directory : directories) config.plugin_directories.emplace_back(std::move(directory));
    plugins->finish();
  }
  if (auto level = root.table("log")) read_log(*level, config);
  read_runtimes(root, config);
  root.finish();
  if (problem) return fail(*problem);
  return Unit{};
}

// The file itself, then conf.d/*.toml beside it in the order of their names. Only the default file may be absent.
Result<Unit> read_files(const Options& options, Config& config) {
  const fs::path file = options.config_file.value_or(kSystemConfig);
  std::error_code error;
  if (!fs::exists(file, error)) {
    if (!options.config_file) return Unit{};
    return fail(Errc::kInvalid, file.string() + ": no such file", "config");
  }
  if (auto read = read_file(file, config); !read) return read;
  std::vector<fs::path> parts;
  const fs::path directory = file.parent_path() / "conf.d";
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".toml") parts.push_back(entry->path());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(Errc::kInvalid, directory.string() + ": " + error.message(), "config");
  }
  std::sort(parts.begin(), parts.end());
  for (const auto& part : parts) {
    if (auto read = read_file(part, config); !read) return read;
  }
  return Unit{};
}

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// A BATON_ variable, or the older tool's name for the same thing where the first is not set.
std::optional<std::string> variable(const Environment& environment, const std::string& name, const std::string& alias) {
  auto value = environment(name);
  if (!value && !alias.empty()) value = environment(alias);
  return value;
}

Result<Unit> read_environment(const Environment& environment, Config& config) {
  if (auto home = variable(environment, "BATON_HOME", "CLAWBOO_HOME")) config.state = *home;
  if (auto listen = environment("BATON_LISTEN")) config.listen = {*listen};
  if (const auto port = variable(environment, "BATON_API_PORT", "CLAWBOO_API_PORT")) {
    const auto number = whole_number(*port);
    if (!number || *number > 65535) return fail(Errc::kInvalid, "BATON_API_PORT must be a port number", "config");
    config.listen = {fmt::format("127.0.0.1:{}", *number)};
  }
  if (const auto cycles = variable(environment, "BATON_MAX_FIX_CYCLES", "CLAWBOO_MAX_FIX_CYCLES")) {
    const auto number = whole_number(*cycles);
    if (!number || *number > 100)
      return fail(Errc::kInvalid, "BATON_MAX_FIX_CYCLES must be a number up to 100", "config");
    config.run.max_fix_cycles = static_cast<std::uint32_t>(*number);
  }
  if (const auto silence = variable(environment, "BATON_RUN_SILENT_TIMEOUT_MS", "CLAWBOO_RUN_SILENT_TIMEOUT_MS")) {
    const auto number = whole_number(*silence);
    if (!number || *number < 1)
      return fail(Errc::kInvalid, "BATON_RUN_SILENT_TIMEOUT_MS must be a positive number", "config");
    config.run.silence = std::chrono::ceil<std::chrono::seconds>(std::chrono::milliseconds(*number));
  }
  return Unit{};
}

fs::path default_state(const Environment& environment) {
  if (const auto directory = environment("STATE_DIRECTORY")) return directory->substr(0, directory->find(':'));
  if (const auto base = environment("XDG_STATE_HOME"); base && !base->empty()) return fs::path(*base) / "baton";
  if (const auto home = environment("HOME"); home && !home->empty()) return fs::path(*home) / ".local/state/baton";
  return {};
}

void apply_options(const Options& options, Config& config) {
  if (options.state) config.state = *options.state;
  if (!options.listen.empty()) config.listen = options.listen;
  if (options.socket) config.socket = *options.socket;
  for (const auto& directory : options.plugin_directories) config.plugin_directories.emplace_back(directory);
}

Result<Unit> complete(const Environment& environment, const fs::path& prefix, Config& config) {
  if (config.state.empty()) config.state = default_state(environment);
  if (config.state.empty()) return fail(Errc::kInvalid, "no state directory: set --state or BATON_HOME", "config");
  std::error_code error;  // a relative one needs the current directory, which may be gone
  config.state = fs::absolute(config.state, error).lexically_normal();
  if (error) return fail(Errc::kInvalid, "the state directory cannot be resolved: " + error.message(), "config");
  if (config.listen.empty()) config.listen = {kDefaultListen};
  if (config.plugin_directories.empty()) config.plugin_directories = {prefix / "lib/baton/plugins"};
  if (config.socket.empty()) {
    const auto runtime = environment("RUNTIME_DIRECTORY");
    config.socket = (runtime ? fs::path(runtime->substr(0, runtime->find(':'))) : config.state) / "batond.sock";
  }
  for (std::size_t i = 0; i < config.runtimes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (config.runtimes[i].id == config.runtimes[j].id) {
        return fail(Errc::kInvalid, "two runtimes are called '" + config.runtimes[i].id + "'", "config");
      }
    }
  }
  return Unit{};
}

}  // namespace

Result<Config> load_config(const Options& options, const Environment& environment, const fs::path& prefix) {
  Config config;
  if (auto read = read_files(options, config); !read) return fail(read);
  if (auto read = read_environment(environment, config); !read) return fail(read);
  apply_options(options, config);
  if (auto completed = complete(environment, prefix, config); !completed) return fail(completed);
  return config;
}

}  // namespace baton::app
