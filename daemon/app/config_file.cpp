#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/config_sources.hpp"
#include "app/toml_reader.hpp"
#include "base/ids.hpp"
#include "http/streaming_client.hpp"
#include "plugin/network_grant.hpp"
#include "plugin/secret_source.hpp"

namespace baton::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSystemConfig = "/etc/baton/baton.toml";

void read_server(TomlReader& server, Config& config) {
  server.texts("listen", config.listen);
  std::string socket = config.socket.string();
  server.text("socket", socket);
  config.socket = socket;
  std::string mode = fmt::format("{:04o}", config.socket_mode);
  server.one_of("socket_mode", mode, {"0600", "0660", "0666"});
  config.socket_mode = mode == "0660" ? 0660 : mode == "0666" ? 0666 : 0600;
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

void read_processes(TomlReader& processes, ProcessesConfig& config) {
  processes.text("cgroup", config.cgroup);
  processes.check(config.cgroup == "auto" || config.cgroup == "off" || config.cgroup.starts_with('/'), "cgroup",
                  "is auto, off, or the absolute path of a control group's directory");
  constexpr double kMebibyte = 1024.0 * 1024.0;
  double mebibytes = 0, pids = 0;
  processes.amount("memory_max_mb", mebibytes, 1e9);
  processes.amount("pids_max", pids, 4e6);
  processes.check(pids == std::floor(pids), "pids_max", "must be a whole number");
  if (mebibytes > 0) config.memory_max = static_cast<std::int64_t>(mebibytes * kMebibyte);
  if (pids > 0) config.pids_max = static_cast<std::int64_t>(pids);
  processes.finish();
}

void read_board(TomlReader& board, BoardConfig& config) {
  board.seconds("stale_ttl_s", config.stale_ttl);
  board.seconds("sweep_s", config.sweep);
  board.finish();
}

constexpr double kMebibyte = 1024 * 1024;

// What is left of a fraction counts as one: only 0 itself means "for ever" and "no limit".
template <class Unit>
void read_time(TomlReader& reader, std::string_view key, std::chrono::milliseconds& time, double most) {
  using Amount = std::chrono::duration<double, typename Unit::period>;
  double amount = Amount(time).count();
  reader.amount(key, amount, most);
  time = std::chrono::ceil<std::chrono::milliseconds>(Amount(amount));
}

void read_mebibytes(TomlReader& reader, std::string_view key, std::int64_t& bytes) {
  double mebibytes = static_cast<double>(bytes) / kMebibyte;
  reader.amount(key, mebibytes, 1e9);
  bytes = static_cast<std::int64_t>(std::ceil(mebibytes * kMebibyte));
}

void read_worktrees(TomlReader& worktrees, WorktreesConfig& config) {
  read_time<std::chrono::hours>(worktrees, "gc_age_h", config.gc_age, 876'000);
  worktrees.number("gc_count", config.gc_count);
  read_mebibytes(worktrees, "gc_bytes_mb", config.gc_bytes);
  worktrees.seconds("gc_interval_s", config.gc_interval);
  read_mebibytes(worktrees, "free_floor_mb", config.free_floor);
  read_time<std::chrono::days>(worktrees, "salvage_keep_days", config.salvage_keep, 36'500);
  read_mebibytes(worktrees, "salvage_max_mb", config.salvage_max);
  read_mebibytes(worktrees, "ignored_max_mb", config.ignored_max);
  worktrees.finish();
}

void read_events(TomlReader& events, EventsConfig& config) {
  read_time<std::chrono::days>(events, "keep_days", config.keep_for, 36'500);
  read_mebibytes(events, "keep_mb", config.keep_bytes);
  events.finish();
}

// A source that is none is not repeated: it may be the secret itself.
void read_secrets(TomlReader& reader, RuntimeConfig& runtime) {
  reader.named_texts("secrets", runtime.secrets);
  const bool good =
      std::ranges::all_of(runtime.secrets, [](const auto& secret) { return plugin::is_secret_source(secret.second); });
  reader.check(good, "secrets", "each must be given as env:NAME, file:/path or credential:NAME");
}

void read_network(TomlReader& reader, std::vector<plugin::NetworkGrant>& grants) {
  std::vector<std::string> entries;
  reader.texts("network", entries);
  for (const auto& entry : entries) {
    auto grant = plugin::grant_from(entry);
    reader.check(grant.has_value(), "network", grant ? "" : "has an entry that is none: " + grant.error().what);
    if (grant) grants.push_back(*std::move(grant));
  }
}

// What is not there, or holds no certificate, would be noticed by the first plugin that needs it.
void read_http_client(TomlReader& client, Config& config) {
  std::string file = config.http_ca_file.string();
  client.text("ca_file", file);
  config.http_ca_file = file;
  if (!file.empty()) {
    const auto checked = http::check_ca_file(file);
    client.check(checked.has_value(), "ca_file", checked ? "" : "cannot be used: " + checked.error().what);
  }
  client.finish();
}

void read_runtimes(TomlReader& root, Config& config) {
  for (auto& reader : root.tables("runtime")) {
    RuntimeConfig runtime;
    reader.require("id");
    reader.require("plugin");
    reader.text("id", runtime.id);
    reader.text("plugin", runtime.plugin);
    reader.boolean("enabled", runtime.enabled);
    reader.number("misbehaviour_limit", runtime.misbehaviour_limit);
    read_network(reader, runtime.network);
    runtime.settings = reader.json("config");
    reader.one_of("approvals", runtime.approvals, {"deny", "allow"});
    read_secrets(reader, runtime);
    reader.check(runtime.id.empty() || is_safe_id(runtime.id), "id", "may hold letters, digits, '.', '_' and '-'");
    reader.finish();
    config.runtimes.push_back(std::move(runtime));
  }
}

void read_plugins(TomlReader& plugins, Config& config) {
  std::vector<std::string> directories;
  plugins.texts("directories", directories);
  for (auto& directory : directories) config.plugin_directories.emplace_back(std::move(directory));
  plugins.one_of("stall", config.stall.then, {"log", "abort"});
  plugins.seconds("stall_s", config.stall.limit);
  plugins.check(config.stall.limit >= std::chrono::milliseconds(100), "stall_s", "must be at least 0.1");
  plugins.finish();
}

void read_log(TomlReader& reader, Config& config) {
  std::string level;
  reader.one_of("level", level, {"debug", "info", "warn", "error"});
  if (level.empty()) return reader.finish();  // as another file, or nobody, said
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
  if (auto processes = root.table("processes")) read_processes(*processes, config.processes);
  if (auto board = root.table("board")) read_board(*board, config.board);
  if (auto events = root.table("events")) read_events(*events, config.events);
  if (auto worktrees = root.table("worktrees")) read_worktrees(*worktrees, config.worktrees);
  if (auto git = root.table("git")) {
    git->seconds("timeout_s", config.git_timeout);
    git->finish();
  }
  if (auto plugins = root.table("plugins")) read_plugins(*plugins, config);
  if (auto client = root.table("http_client")) read_http_client(*client, config);
  if (auto level = root.table("log")) read_log(*level, config);
  read_runtimes(root, config);
  root.finish();
  if (problem) return fail(*problem);
  return Unit{};
}

}  // namespace

Result<Unit> read_config_files(const Options& options, Config& config) {
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

}  // namespace baton::app
