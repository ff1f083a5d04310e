// What was asked for on the command line.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/plugin_commands.hpp"
#include "cli/salvage_commands.hpp"
#include "cli/state_commands.hpp"
#include "cli/task_commands.hpp"

namespace baton::cli {

struct CommandLine {
  std::optional<std::string> url;
  NewTaskOptions new_task;
  ListOptions list;
  OneTask task;
  Claimant claimant;
  NextOptions next;
  TaskChange change;
  bool ignore_dependencies = false;
  std::string depends_on, text, reason;
  std::optional<std::string> author;
  RunOptions run;
  EventOptions events;
  SalvageOptions salvage;
  PluginOptions plugin;
  std::string file;
  bool json = false;
  std::optional<std::string> checked_file, state;

  // One of them is set by the parser: what to do with the daemon, or without one.
  std::function<int(ApiClient&)> ask_daemon;
  std::function<int()> act;
};

// `command` asks the daemon.
inline void asks(CLI::App* command, CommandLine& line, std::function<int(ApiClient&)> what) {
  command->callback([&line, what = std::move(what)] { line.ask_daemon = what; });
}

// `command` does without it.
inline void acts(CLI::App* command, CommandLine& line, std::function<int()> what) {
  command->callback([&line, what = std::move(what)] { line.act = what; });
}

// task_options.cpp: `baton task ...`. `line` must outlive `cli`'s parse.
void add_task_commands(CLI::App& cli, CommandLine& line);

}  // namespace baton::cli
