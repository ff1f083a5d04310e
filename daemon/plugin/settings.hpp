// What the configuration says about plugins.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "http/streaming_client.hpp"
#include "plugin/network_grant.hpp"
#include "process/keeper.hpp"

namespace baton::plugin {

struct InstanceSettings {
  std::string name;    // the runtime's id; what is_safe_id() allows
  std::string plugin;  // id of a plugin ("org.baton.command") or file name of a library ("command.so", "command")
  std::string config_json = "{}";
  bool enabled = true;
  std::chrono::nanoseconds silence = limits::kRunSilence;  // a run without any event for so long is ended; 0: never
  std::chrono::milliseconds cancel{0};                     // how long a cancel may take; 0: what the plugin says
  std::vector<std::string> granted_user_files;             // of those that the plugin asks for
  std::vector<NetworkGrant> network;                       // servers that it may reach over HTTP
  std::uint64_t misbehaviour_limit = 0;                    // more than so many counts quarantine the instance; 0: never
};

struct PluginSettings {
  std::vector<std::filesystem::path> directories;  // searched in this order, not below
  std::filesystem::path probe_program;             // baton-plugin-probe
  std::filesystem::path data_root;                 // gets a private directory per instance
  std::vector<InstanceSettings> instances;
  std::string product = "baton";      // name and version, told to plugins
  http::StreamingOptions http;        // of the client that all of them share
  process::Keeper* keeper = nullptr;  // outlives the host; null (tests): what leaves its session is not looked for
};

}  // namespace baton::plugin
