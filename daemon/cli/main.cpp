// The commands of `baton` and their options.
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/version.hpp"

namespace baton::cli {
namespace {

struct CommandLine {
  std::optional<std::string> url;
  NewTaskOptions new_task;
  ListOptions list;
  std::string task_id;
  std::string agent = "cli";
  RunOptions run;
};

void add_task_commands(CLI::App& cli, CommandLine& line) {
  auto* task = cli.add_subcommand("task", "Tasks on the board")->require_subcommand(1);
  auto* create = task->add_subcommand("new", "Put a task on the board; prints its id");
  create->add_option("title", line.new_task.title)->required();
  create->add_option("--description", line.new_task.description);
  create->add_option("--team", line.new_task.team);
  create->add_option("--parent", line.new_task.parent, "Id of the parent task");
  create->add_option("--priority", line.new_task.priority);
  auto* list = task->add_subcommand("list", "Tasks, newest first");
  list->add_option("--team", line.list.team);
  list->add_option("--status", line.list.status);
  list->add_flag("--ready", line.list.ready, "Only those that can be claimed now");
  auto* show = task->add_subcommand("show", "One task with its comments and runs");
  show->add_option("id", line.task_id)->required();
  auto* claim = task->add_subcommand("claim", "Take a task");
  claim->add_option("id", line.task_id)->required();
  claim->add_option("--agent", line.agent, "Who takes it");
}

void add_run_command(CLI::App& cli, CommandLine& line) {
  auto* run = cli.add_subcommand("run", "Work on a task with a runtime, and wait for the end");
  run->add_option("runtime", line.run.runtime)->required();
  run->add_option("task", line.run.task, "Id of the task")->required();
  run->add_option("--repo", line.run.repository, "The git repository to work in");
  run->add_option("--agent", line.run.agent, "Who works on it; the runtime's id when not given");
  run->add_option("--kind", line.run.kind, "code, research or review");
  run->add_flag("--keep", line.run.keep_for_resume, "Pause with a hand-off instead of completing");
}

int dispatch(const CLI::App& cli, const CommandLine& line) {
  if (cli.got_subcommand("demo")) return run_demo();
  auto peer = find_daemon(line.url);
  if (!peer) return report(peer.error());
  ApiClient client(*std::move(peer));
  if (cli.got_subcommand("status")) return print_status(client);
  if (cli.got_subcommand("run")) return run_task(client, line.run);
  const auto* task = cli.get_subcommand("task");
  if (task->got_subcommand("new")) return new_task(client, line.new_task);
  if (task->got_subcommand("list")) return list_tasks(client, line.list);
  if (task->got_subcommand("show")) return show_task(client, line.task_id);
  return claim_task(client, line.task_id, line.agent);
}

int main_of(int argc, char** argv) {
  CommandLine line;
  CLI::App cli("Talks to batond, which owns the board of tasks and their worktrees.", "baton");
  cli.add_option("--url", line.url, "http://HOST:PORT or unix:PATH; the local daemon's socket when not given");
  cli.set_version_flag("--version", std::string("baton ") + kVersion);
  cli.require_subcommand(1);
  cli.add_subcommand("status", "Is the daemon there, and what can it run");
  cli.add_subcommand("demo", "Watch a task pass between two runtimes, on a daemon and a repository of its own");
  add_task_commands(cli, line);
  add_run_command(cli, line);
  CLI11_PARSE(cli, argc, argv);
  return dispatch(cli, line);
}

}  // namespace
}  // namespace baton::cli

int main(int argc, char** argv) { return baton::cli::main_of(argc, argv); }
