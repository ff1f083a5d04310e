// What batond runs with: defaults, then the configuration file and its conf.d, then the environment, then the command
// line.
//
// Unknown keys are errors: a setting with a typing mistake in it must not be silently ignored. Format:
// packaging/baton.toml.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/options.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "http/options.hpp"
#include "ops/state_directory.hpp"
#include "plugin/network_grant.hpp"

namespace baton::app {

// One runtime: an instance of a plugin under a name of its own.
struct RuntimeConfig {
  std::string id;
  std::string plugin;  // the plugin's id, "org.baton.command"
  bool enabled = true;
  std::vector<plugin::NetworkGrant> network;                 // servers that it may reach over HTTP
  std::string settings = "{}";                               // JSON, handed to the plugin
  std::uint32_t misbehaviour_limit = 0;                      // more counts than that quarantine the instance; 0: never
  std::vector<std::pair<std::string, std::string>> secrets;  // granted: name, source (plugin/secret_source.hpp)
  std::string approvals = "deny";  // or allow: what is answered when it asks and nobody else does
};

struct GateConfig {
  std::optional<std::string> command;  // for every repository; nothing: the repository's own, from the base commit
  std::chrono::seconds timeout = limits::kGateTimeout;
  bool trust_worktree = false;        // take the command from files that the agent can edit
  std::string unverified = "review";  // review, block or done: what becomes of work that no command can judge
  bool block_green_debt = false;      // debt over a green gate blocks instead of being done
};

struct RunConfig {
  std::chrono::seconds silence = limits::kRunSilence;  // a run without a sign of life so long is ended
  std::optional<std::chrono::seconds> timeout;         // of a whole run; nothing: no limit
  std::uint32_t max_fix_cycles = 1;                    // further attempts after a failed verification
};

struct BoardConfig {
  std::chrono::milliseconds stale_ttl = limits::kStale;  // an owner without a sign of life for so long loses its task
  std::optional<std::chrono::milliseconds> sweep;        // how often that is looked for; nothing: upkeep.hpp decides
};

// Bytes and times of 0 are without limit, except free_floor: without floor.
struct WorktreesConfig {
  std::chrono::milliseconds gc_age = std::chrono::hours(72);  // not used for so long (contract §4.7)
  std::uint32_t gc_count = 25;                                // kept of one repository (contract §4.7)
  std::int64_t gc_bytes = 0;                                  // of all of them
  std::chrono::milliseconds gc_interval = std::chrono::minutes(15);
  std::int64_t free_floor = 512LL * 1024 * 1024;  // less is disk pressure: what a checkout and its build need at once
  std::chrono::milliseconds salvage_keep = std::chrono::hours(24) * 30;
  std::int64_t salvage_max = 1024LL * 1024 * 1024;  // of files kept aside
  std::int64_t ignored_max = 256LL * 1024 * 1024;   // of ignored files of one worktree
};

struct ProcessesConfig {
  std::string cgroup = "auto";  // auto, off, or the directory of a control group (v2) for the runs
  std::int64_t memory_max = 0;  // bytes, of one run or gate; 0: no limit
  std::int64_t pids_max = 0;
};

struct StallConfig {
  std::chrono::milliseconds limit = std::chrono::seconds(5);  // a call into a plugin that lasts so long
  std::string then = "log";                                   // log or abort
};

struct EventsConfig {
  std::chrono::milliseconds keep_for = limits::kEventsKept;  // 0: for ever
  std::int64_t keep_bytes = limits::kEventsBytes;            // 0: no limit
};

struct Config {
  std::filesystem::path state;
  std::vector<std::string> listen;
  std::filesystem::path socket;            // empty: <state>/batond.sock
  mode_t socket_mode = http::kSocketMode;  // who may connect to it
  std::vector<std::string> allowed_hosts;  // further names that the Host header may carry
  std::vector<std::filesystem::path> plugin_directories;
  bool safe_mode = false;  // the directories are those of the built-in plugins only
  StallConfig stall;
  std::vector<RuntimeConfig> runtimes;
  GateConfig gate;
  RunConfig run;
  ProcessesConfig processes;
  BoardConfig board;
  EventsConfig events;
  WorktreesConfig worktrees;
  std::filesystem::path http_ca_file;  // PEM: authorities that plugins' https trusts besides the system's
  std::chrono::seconds git_timeout = limits::kGitTimeout;
  log::Level log_level = log::Level::kInfo;
};

using ops::Environment;

// kInvalid with "file:line: what" for the first mistake. `prefix` is where Baton is installed
// (<prefix>/lib/baton/plugins).
Result<Config> load_config(const Options& options, const Environment& environment, const std::filesystem::path& prefix);

}  // namespace baton::app
