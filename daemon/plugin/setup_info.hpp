// How a person gets a runtime ready, as its plugin says (baton.setup/1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baton/ext/setup.h"

namespace baton::plugin {

struct SetupInfo {
  std::string_view auth = "none";  // "none", "key", "login"
  std::string secret, docs_url;    // empty: none
  std::vector<std::string> install_argv, login_argv, logout_argv;
};

// Copies and repairs; what is too long is left out.
SetupInfo setup_from(const baton_setup_info& raw);

}  // namespace baton::plugin
