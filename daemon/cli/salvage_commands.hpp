// baton gc and baton salvage ...: worktrees that nobody uses, and what was kept of those that are gone. With `json` a
// command prints the daemon's answer instead of words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/api_client.hpp"

namespace baton::cli {

int collect_worktrees(ApiClient& client, bool json);

struct SalvageOptions {
  std::optional<std::string> task, repository, branch;
  std::string name;                    // <task>/<n>
  std::optional<double> older_than_d;  // days
  bool json = false;
};
int list_salvage(ApiClient& client, const SalvageOptions& options);
int restore_salvage(ApiClient& client, const SalvageOptions& options);
int prune_salvage(ApiClient& client, const SalvageOptions& options);

}  // namespace baton::cli
