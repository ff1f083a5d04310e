// baton task ...: what is done with tasks. With `json` a command prints the daemon's answer instead of words, one line
// for each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/api_client.hpp"

namespace baton::cli {

struct NewTaskOptions {
  std::string title;
  std::optional<std::string> description, team, parent, kind;
  std::int64_t priority = 0;
  bool json = false;
};
int new_task(ApiClient& client, const NewTaskOptions& options);

struct ListOptions {
  std::optional<std::string> team, status;
  bool ready = false, dropped = false;
  bool json = false;
};
int list_tasks(ApiClient& client, const ListOptions& options);

// What the other commands are about, and what an owner shows of itself.
struct OneTask {
  std::string id;
  std::optional<std::int64_t> fence;
  bool json = false;
};
int show_task(ApiClient& client, const OneTask& task);
int explain_task(ApiClient& client, const OneTask& task);

// edit.cpp
struct TaskChange {
  std::optional<std::string> title, description, status;
  std::optional<std::int64_t> priority;
  bool override_gate = false;  // done, although the verification says otherwise
};
int change_task(ApiClient& client, const OneTask& task, const TaskChange& change);

// own.cpp
struct Claimant {
  std::string agent = "cli";
  std::optional<std::string> runtime;
  std::optional<double> lease_s;  // nothing: the board's
};
int claim_task(ApiClient& client, const OneTask& task, const Claimant& claimant, bool ignore_dependencies);
int assign_task(ApiClient& client, const OneTask& task, const Claimant& claimant);
int release_task(ApiClient& client, const OneTask& task, const std::string& reason);
int heartbeat(ApiClient& client, const OneTask& task, std::optional<double> lease_s);
int drop_task(ApiClient& client, const OneTask& task);
int restore_task(ApiClient& client, const OneTask& task);

struct NextOptions {
  std::optional<std::string> team;
  std::vector<std::string> kinds;
  double wait_s = 0;
  bool json = false;
};
int claim_next(ApiClient& client, const NextOptions& options, const Claimant& claimant);

// relate.cpp
int link_task(ApiClient& client, const OneTask& task, const std::string& depends_on);
int unlink_task(ApiClient& client, const OneTask& task, const std::string& depends_on);
int cancel_dependents(ApiClient& client, const OneTask& task);
int comment_task(ApiClient& client, const OneTask& task, const std::string& body,
                 const std::optional<std::string>& agent);

}  // namespace baton::cli
