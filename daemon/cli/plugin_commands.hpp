// baton plugin ...: what the daemon made of its plugins, the switch of an instance, and the validator.
#pragma once

#include <string>
#include <vector>

#include "cli/api_client.hpp"

namespace baton::cli {

struct PluginOptions {
  std::string instance;
  bool json = false;
};
// A line per instance, then one per library that was refused.
int list_plugins(ApiClient& client, const PluginOptions& options);
// kRefused with the daemon's reason, also when an instance that was switched on is refused again.
int switch_plugin(ApiClient& client, const PluginOptions& options, bool on);

// Becomes baton-plugin-check, which is installed beside this program, with these arguments and its exit code.
// kUnreachable when it is not there.
int check_plugin(const std::vector<std::string>& arguments);

}  // namespace baton::cli
