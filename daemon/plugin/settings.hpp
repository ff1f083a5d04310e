// What the configuration says about plugins.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "process/keeper.hpp"
#include "runtime/approvals.hpp"

namespace baton::plugin {

class ToolService;

// Answers what a runtime asks while nobody else does.
enum class ApprovalRule : std::uint8_t { kDeny, kAllow };

// A secret that an instance may have.
struct SecretGrant {
  std::string name;    // as the plugin's descriptor has it
  std::string source;  // secret_source.hpp
};

struct InstanceSettings {
  std::string name;    // the runtime's id; what is_safe_id() allows
  std::string plugin;  // id of a plugin ("org.baton.command") or file name of a library ("command.so", "command")
  std::string config_json = "{}";
  bool enabled = true;
  std::chrono::nanoseconds silence = limits::kRunSilence;  // a run without any event for so long is ended; 0: never
  std::chrono::milliseconds cancel{0};                     // how long a cancel may take; 0: what the plugin says
  std::vector<std::string> granted_user_files;             // of those that the plugin asks for
  std::vector<SecretGrant> secrets;
  ApprovalRule approvals = ApprovalRule::kDeny;
  std::uint64_t misbehaviour_limit = 0;  // more than so many counts quarantine the instance; 0: never
};

struct PluginSettings {
  std::vector<std::filesystem::path> directories;  // searched in this order, not below
  std::filesystem::path probe_program;             // baton-plugin-probe
  std::filesystem::path data_root;                 // gets a private directory per instance
  std::vector<InstanceSettings> instances;
  std::string product = "baton";  // name and version, told to plugins
  // These outlive the host.
  process::Keeper* keeper = nullptr;        // null (tests): what leaves its session is not looked for
  runtime::Approvals* approvals = nullptr;  // null: each instance's rule
  ToolService* tools = nullptr;             // null: there are none
};

}  // namespace baton::plugin
