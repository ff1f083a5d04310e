// Configurations that fit a schema and make no sense: what a user may write by mistake, and what the host lets pass.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baton::plugin_check {

// The usual one with one setting changed, and some others. Only those that the host would hand to the plugin.
std::vector<std::string> odd_configs(const std::string& schema, const std::string& usual);

}  // namespace baton::plugin_check
