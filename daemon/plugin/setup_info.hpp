// How a person gets an instance's runtime ready, as its plugin says: baton.setup/1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.hpp"
#include "baton/ext/setup.h"
#include "plugin/manifest.hpp"

namespace baton::plugin {

struct SetupInfo {
  enum class Auth : std::uint8_t { kNone = BATON_AUTH_NONE, kKey = BATON_AUTH_KEY, kLogin = BATON_AUTH_LOGIN };
  Auth auth = Auth::kNone;
  std::string secret;  // with kKey; one of the manifest's secrets
  std::string docs_url;
  std::vector<std::string> install, login, logout;  // argument vectors; empty: there is no such command
};

// Copies what a plugin filled in. Nothing when it names an unknown kind, or a secret that its descriptor does not.
std::optional<SetupInfo> read_setup(const baton_setup_info& raw, const Manifest& manifest);

void write_setup(json::Writer& json, const SetupInfo& setup);  // {"auth": "key", "secret": ..., "install": [...], ...}

}  // namespace baton::plugin
