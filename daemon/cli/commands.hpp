// The commands, one per file. Each returns the exit code: 0, 1 when the daemon refused or a check failed, 2 when it was
// not reached.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/api_client.hpp"

namespace baton::cli {

inline constexpr int kOk = 0;
inline constexpr int kRefused = 1;
inline constexpr int kUnreachable = 2;

int print_status(ApiClient& client);

struct NewTaskOptions {
  std::string title;
  std::optional<std::string> description, team, parent;
  std::int64_t priority = 0;
};
int new_task(ApiClient& client, const NewTaskOptions& options);

struct ListOptions {
  std::optional<std::string> team, status;
  bool ready = false;
};
int list_tasks(ApiClient& client, const ListOptions& options);
int show_task(ApiClient& client, const std::string& id);
int claim_task(ApiClient& client, const std::string& id, const std::string& agent);

struct RunOptions {
  std::string runtime, task;
  std::optional<std::string> repository, agent, kind;
  bool keep_for_resume = false;
};
int run_task(ApiClient& client, const RunOptions& options);

int run_demo();

// Prints the error on stderr and gives the exit code for it.
int report(const Error& error);

}  // namespace baton::cli
