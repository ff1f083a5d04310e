#include "app/settings.hpp"

#include "app/install.hpp"
#include "app/version.hpp"

namespace baton::app {
namespace {

verify::Settings gate_settings(const GateConfig& gate) {
  verify::Settings settings;
  settings.command = gate.command.value_or("");
  settings.timeout = gate.timeout;
  settings.trust_worktree = gate.trust_worktree;
  settings.policy.unverified = *verify::parse_unverified(gate.unverified);
  settings.policy.block_green_debt = gate.block_green_debt;
  return settings;
}

}  // namespace

executor::Settings executor_settings(const Config& config) {
  executor::Settings settings;
  settings.state = config.state;
  settings.silence = config.run.silence;
  if (config.run.timeout) settings.timeout = *config.run.timeout;
  settings.max_fix_cycles = config.run.max_fix_cycles;
  settings.free_floor_bytes = static_cast<std::uint64_t>(config.worktrees.free_floor);
  settings.gate = gate_settings(config.gate);
  return settings;
}

worktree::Settings worktree_settings(const Config& config) {
  return {.ignored_max_bytes = static_cast<std::uint64_t>(config.worktrees.ignored_max)};
}

executor::CollectRules collect_rules(const Config& config) {
  return {.age = config.worktrees.gc_age,
          .count = config.worktrees.gc_count,
          .bytes = static_cast<std::uint64_t>(config.worktrees.gc_bytes)};
}

executor::SalvageRules salvage_rules(const Config& config) {
  return {.keep = config.worktrees.salvage_keep, .bytes = static_cast<std::uint64_t>(config.worktrees.salvage_max)};
}

git::Options git_options(const Config& config, process::Ledger& ledger) {
  git::Options options;
  options.timeout = config.git_timeout;
  options.ledger = &ledger;
  return options;
}

process::CgroupSettings cgroup_settings(const Config& config) {
  process::CgroupSettings settings;
  settings.where = config.processes.cgroup;
  settings.state = config.state.string();
  if (config.processes.memory_max > 0) settings.memory_max = config.processes.memory_max;
  if (config.processes.pids_max > 0) settings.pids_max = config.processes.pids_max;
  return settings;
}

plugin::PluginSettings plugin_settings(const Config& config, process::Keeper& keeper, plugin::ToolService& tools) {
  plugin::PluginSettings settings;
  settings.tools = &tools;
  settings.keeper = &keeper;
  settings.directories = config.plugin_directories;
  settings.probe_program = installed_beside("baton-plugin-probe");
  settings.data_root = config.state / "plugins";
  settings.safe_mode = config.safe_mode;
  settings.stall = {.limit = config.stall.limit, .abort = config.stall.then == "abort"};
  settings.product = std::string("baton ") + kVersion;
  settings.http.ca_file = config.http_ca_file;
  for (const auto& runtime : config.runtimes) {
    plugin::InstanceSettings instance;
    instance.name = runtime.id;
    instance.plugin = runtime.plugin;
    instance.config_json = runtime.settings;
    instance.enabled = runtime.enabled;
    instance.silence = config.run.silence;
    instance.misbehaviour_limit = runtime.misbehaviour_limit;
    for (const auto& [name, source] : runtime.secrets) instance.secrets.push_back({name, source});
    if (runtime.approvals == "allow") instance.approvals = plugin::ApprovalRule::kAllow;
    instance.network = runtime.network;
    settings.instances.push_back(std::move(instance));
  }
  return settings;
}

http::ServerOptions server_options(const Config& config) {
  http::ServerOptions options;
  options.allowed_hosts = config.allowed_hosts;
  options.socket_mode = config.socket_mode;
  return options;
}

UpkeepSettings upkeep_settings(const Config& config) {
  UpkeepSettings settings;
  settings.stale_ttl = config.board.stale_ttl;
  settings.sweep = config.board.sweep.value_or(interval_for(config.board.stale_ttl));
  settings.events = {.keep_ms = config.events.keep_for.count(), .keep_bytes = config.events.keep_bytes};
  const bool ages = config.events.keep_for.count() > 0;
  settings.forget = ages ? interval_for(config.events.keep_for) : limits::kUpkeepMost;
  return settings;
}

}  // namespace baton::app
