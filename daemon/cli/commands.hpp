// The commands that ask the daemon, and how a command ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/api_client.hpp"

namespace baton::cli {

// Exit codes; `baton --help` and the README of this folder name them too.
inline constexpr int kOk = 0;
inline constexpr int kRefused = 1;      // the daemon refused, a check failed, or the work did not succeed
inline constexpr int kUnreachable = 2;  // the daemon does not answer, or a file cannot be read
inline constexpr int kNothing = 3;      // claim-next: there is no task to take
inline constexpr int kUsage = 64;       // EX_USAGE: the command line

int print_status(ApiClient& client);

struct RunOptions {
  std::string runtime, task;
  std::optional<std::string> repository, agent, kind;
  bool keep_for_resume = false;
};
int run_task(ApiClient& client, const RunOptions& options);

struct EventOptions {
  std::optional<std::string> task, team, kinds;
  std::int64_t since = 0;  // events after this seq
  bool follow = false;     // go on until interrupted
  bool json = false;       // an object for each instead of words
};
int print_events(ApiClient& client, const EventOptions& options);

int run_demo();

// Whether the daemon would read `file` ("-": stdin) as a hand-off. Each problem with its place; kOk, kRefused,
// kUnreachable.
int check_handoff_file(const std::string& file, bool json);

// Prints the error on stderr and gives the exit code for it.
int report(const Error& error);

}  // namespace baton::cli
