// The commands of `baton` and their options; those about tasks are in task_options.cpp.
#include <string>

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"
#include "cli/version.hpp"

namespace baton::cli {
namespace {

void add_run_command(CLI::App& cli, CommandLine& line) {
  auto* run = cli.add_subcommand("run", "Work on a task with a runtime, and wait for the end");
  run->add_option("runtime", line.run.runtime)->required();
  run->add_option("task", line.run.task, "Id of the task")->required();
  run->add_option("--repo", line.run.repository, "The git repository to work in");
  run->add_option("--agent", line.run.agent, "Who works on it; the runtime's id when not given");
  run->add_option("--kind", line.run.kind, "code, research or review");
  run->add_flag("--keep", line.run.keep_for_resume, "Pause with a hand-off instead of completing");
  asks(run, line, [&line](ApiClient& client) { return run_task(client, line.run); });
}

void add_events_command(CLI::App& cli, CommandLine& line) {
  auto* events = cli.add_subcommand("events", "What happened, oldest first");
  events->add_option("--task", line.events.task, "Only events of this task");
  events->add_option("--team", line.events.team, "Only events of this team");
  events->add_option("--kinds", line.events.kinds, "Only these kinds, separated by commas");
  events->add_option("--since", line.events.since, "Only events after this one")->check(CLI::NonNegativeNumber);
  events->add_flag("--follow", line.events.follow, "Go on until interrupted");
  events->add_flag("--json", line.events.json, "Print an object for each");
  asks(events, line, [&line](ApiClient& client) { return print_events(client, line.events); });
}

void add_state(CLI::App* command, CommandLine& line) {
  command->add_option("--state", line.state, "State directory; that of this machine's daemon when not given")
      ->type_name("DIR");
}

void add_state_commands(CLI::App& cli, CommandLine& line) {
  auto* backup = cli.add_subcommand("backup", "Copy the database, also while the daemon runs");
  backup->add_option("file", line.file, "The copy; it must not exist")->required();
  add_state(backup, line);
  acts(backup, line, [&line] { return back_up(line.file, line.state); });
  auto* restored = cli.add_subcommand("restore", "Put a copy in the place of the database; the daemon must not run");
  restored->add_option("file", line.file, "A copy that backup made")->required();
  add_state(restored, line);
  acts(restored, line, [&line] { return restore(line.file, line.state); });
  auto* database = cli.add_subcommand("db", "The database")->require_subcommand(1);
  auto* check = database->add_subcommand("check", "Look whether the database, or a copy of it, is whole");
  check->add_option("file", line.checked_file, "A copy; the daemon's own database when not given");
  add_state(check, line);
  acts(check, line, [&line] { return check_database(line.checked_file, line.state); });
}

void add_handoff_commands(CLI::App& cli, CommandLine& line) {
  auto* handoff = cli.add_subcommand("handoff", "What is left for whoever goes on with a task")->require_subcommand(1);
  auto* check = handoff->add_subcommand("check", "Look whether a file is a hand-off that the daemon can read");
  check->add_option("file", line.file, "AGENT_HANDOFF.json, or - for stdin")->required();
  check->add_flag("--json", line.json, "Print the problems as an object");
  check->footer("Exit codes: 0 a good hand-off, 1 not one, 2 it cannot be read, 64 command line.");
  acts(check, line, [&line] { return check_handoff_file(line.file, line.json); });
}

void add_salvage_commands(CLI::App& cli, CommandLine& line) {
  auto& options = line.salvage;
  auto* gc = cli.add_subcommand("gc", "Take away worktrees that nobody uses; their branches stay");
  asks(gc, line, [&options](ApiClient& client) { return collect_worktrees(client, options.json); });
  auto* salvage = cli.add_subcommand("salvage", "What was kept when something was removed")->require_subcommand(1);
  auto* list = salvage->add_subcommand("list", "Commits and ignored files, the newest first");
  list->add_option("--task", options.task, "Only of this task");
  list->add_option("--repo", options.repository, "Only of this repository");
  asks(list, line, [&options](ApiClient& client) { return list_salvage(client, options); });
  auto* restore = salvage->add_subcommand("restore", "A branch from a commit; files back into the task's worktree");
  restore->add_option("name", options.name, "TASK/N, as the list says")->required();
  restore->add_option("--branch", options.branch, "Its name; clawboo/salvage-TASK-N when not given");
  restore->add_option("--repo", options.repository, "The repository, when it is not that of the task's workspace");
  asks(restore, line, [&options](ApiClient& client) { return restore_salvage(client, options); });
  auto* prune = salvage->add_subcommand("prune", "Forget what is too old or too much");
  prune->add_option("--older-than", options.older_than_d, "Kept for longer; as configured when not given")
      ->type_name("DAYS")
      ->check(CLI::Range(0.0, 36500.0));
  asks(prune, line, [&options](ApiClient& client) { return prune_salvage(client, options); });
  for (auto* command : {gc, list, restore, prune}) {
    command->add_flag("--json", options.json, "Print the daemon's answer");
  }
}

void add_plugin_commands(CLI::App& cli, CommandLine& line) {
  auto& options = line.plugin;
  auto* plugin = cli.add_subcommand("plugin", "The plugins of the daemon, and their check")->require_subcommand(1);
  auto* list = plugin->add_subcommand("list", "Each instance: its plugin, its state, and why");
  asks(list, line, [&options](ApiClient& client) { return list_plugins(client, options); });
  auto* enable = plugin->add_subcommand("enable", "Make an instance again that is off, quarantined or refused");
  asks(enable, line, [&options](ApiClient& client) { return switch_plugin(client, options, true); });
  auto* disable = plugin->add_subcommand("disable", "Cancel an instance's runs and end it, until it is enabled");
  asks(disable, line, [&options](ApiClient& client) { return switch_plugin(client, options, false); });
  for (auto* command : {enable, disable}) command->add_option("name", options.instance, "The runtime's id")->required();
  for (auto* command : {list, enable, disable}) command->add_flag("--json", options.json, "Print the daemon's answer");
  auto* check = plugin->add_subcommand("check", "Validate a library: FILE and what baton-plugin-check takes");
  check->fallthrough(false)->prefix_command();
  check->footer("Without a daemon. The exit code is that of baton-plugin-check; 2 when it is not installed.");
  acts(check, line, [check] { return check_plugin(check->remaining()); });
}

int run_command(const CommandLine& line) {
  if (line.act) return line.act();
  auto peer = find_daemon(line.url);
  if (!peer) return report(peer.error());
  ApiClient client(*std::move(peer));
  return line.ask_daemon(client);
}

int main_of(int argc, char** argv) {
  CommandLine line;
  CLI::App cli("Talks to batond, which owns the board of tasks and their worktrees.", "baton");
  cli.fallthrough();  // --url also behind the command
  cli.add_option("--url", line.url, "http://HOST:PORT or unix:PATH; the local daemon's socket when not given");
  cli.set_version_flag("--version", std::string("baton ") + kVersion);
  cli.require_subcommand(1);
  cli.footer(
      "Exit codes: 0 done, 1 refused, failed or damaged, 2 the daemon or a file was not reached, 3 no task to take,\n"
      "64 command line.");
  auto* status = cli.add_subcommand("status", "Is the daemon there, and what can it run");
  asks(status, line, print_status);
  auto* demo =
      cli.add_subcommand("demo", "Watch a task pass between two runtimes, on a daemon and a repository of its own");
  acts(demo, line, run_demo);
  add_task_commands(cli, line);
  add_run_command(cli, line);
  add_events_command(cli, line);
  add_handoff_commands(cli, line);
  add_salvage_commands(cli, line);
  add_state_commands(cli, line);
  add_plugin_commands(cli, line);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help, --version
    return cli.exit(done);
  } catch (const CLI::ParseError& mistake) {
    (void)cli.exit(mistake);  // prints
    return kUsage;
  }
  return run_command(line);
}

}  // namespace
}  // namespace baton::cli

int main(int argc, char** argv) { return baton::cli::main_of(argc, argv); }
