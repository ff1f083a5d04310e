// The verbs of `baton task` and their options.
#include "cli/command_line.hpp"

namespace baton::cli {
namespace {

CLI::App* verb(CLI::App& task, const char* name, const char* about, bool& json) {
  auto* command = task.add_subcommand(name, about);
  command->add_flag("--json", json, "Print the daemon's answer");
  return command;
}

CLI::App* verb_of_one(CLI::App& task, CommandLine& line, const char* name, const char* about) {
  auto* command = verb(task, name, about, line.task.json);
  command->add_option("id", line.task.id)->required();
  return command;
}

void add_fence(CLI::App* command, CommandLine& line) {
  command->add_option("--fence", line.task.fence, "Refused unless it is the task's current one");
}

void add_lease(CLI::App* command, CommandLine& line) {
  command->add_option("--lease", line.claimant.lease_s, "Taken back after so long without a sign of life")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 1e9));
}

void add_claimant(CLI::App* command, CommandLine& line, const char* about) {
  command->add_option("--agent", line.claimant.agent, about);
  command->add_option("--runtime", line.claimant.runtime, "What it runs on");
  add_lease(command, line);
}

void add_new(CLI::App& task, CommandLine& line) {
  auto* create = verb(task, "new", "Put a task on the board; prints its id", line.new_task.json);
  create->add_option("title", line.new_task.title)->required();
  create->add_option("--description", line.new_task.description);
  create->add_option("--team", line.new_task.team);
  create->add_option("--parent", line.new_task.parent, "Id of the parent task");
  create->add_option("--kind", line.new_task.kind, "What kind of work it is; code when not given");
  create->add_option("--priority", line.new_task.priority);
  asks(create, line, [&line](ApiClient& client) { return new_task(client, line.new_task); });
}

void add_list(CLI::App& task, CommandLine& line) {
  auto* list = verb(task, "list", "Tasks, newest first", line.list.json);
  list->add_option("--team", line.list.team);
  list->add_option("--status", line.list.status);
  list->add_flag("--ready", line.list.ready, "Only those that can be claimed now");
  list->add_flag("--dropped", line.list.dropped, "Dropped ones too");
  asks(list, line, [&line](ApiClient& client) { return list_tasks(client, line.list); });
}

void add_looks(CLI::App& task, CommandLine& line) {
  auto* show = verb_of_one(task, line, "show", "One task with its comments and runs");
  asks(show, line, [&line](ApiClient& client) { return show_task(client, line.task); });
  auto* why = verb_of_one(task, line, "why", "Why a task is not ready, and who or what it waits for");
  asks(why, line, [&line](ApiClient& client) { return explain_task(client, line.task); });
}

void add_changes(CLI::App& task, CommandLine& line) {
  const auto change = [&line](ApiClient& client) { return change_task(client, line.task, line.change); };
  auto* edit = verb_of_one(task, line, "edit", "Change what a task says");
  edit->add_option("--title", line.change.title);
  edit->add_option("--description", line.change.description);
  edit->add_option("--priority", line.change.priority, "Higher is sooner");
  edit->require_option(2, 0);  // the id and one change
  add_fence(edit, line);
  asks(edit, line, change);
  auto* move = verb_of_one(task, line, "move", "Bring a task into another status");
  move->add_option("status", line.change.status, "todo, in_progress, in_review, done, blocked or cancelled")
      ->required();
  move->add_flag("--override", line.change.override_gate, "To done, although its verification says otherwise; audited");
  add_fence(move, line);
  asks(move, line, change);
}

void add_claims(CLI::App& task, CommandLine& line) {
  auto* claim = verb_of_one(task, line, "claim", "Take a task");
  add_claimant(claim, line, "Who takes it");
  claim->add_flag("--ignore-dependencies", line.ignore_dependencies, "Although a task it waits for is not done");
  asks(claim, line,
       [&line](ApiClient& client) { return claim_task(client, line.task, line.claimant, line.ignore_dependencies); });
  auto* next = verb(task, "claim-next", "Take the best ready task; exit code 3 when there is none", line.next.json);
  add_claimant(next, line, "Who takes it");
  next->add_option("--team", line.next.team, "Only tasks of this team");
  next->add_option("--kind", line.next.kinds, "Only tasks of this kind; repeatable")->allow_extra_args(false);
  next->add_option("--wait", line.next.wait_s, "Wait so long for one")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 1e9));
  asks(next, line, [&line](ApiClient& client) { return claim_next(client, line.next, line.claimant); });
  auto* assign = verb_of_one(task, line, "assign", "Give a task to an agent; with --fence one that is owned");
  assign->add_option("agent", line.claimant.agent)->required();
  assign->add_option("--runtime", line.claimant.runtime, "What it runs on");
  add_lease(assign, line);
  add_fence(assign, line);
  asks(assign, line, [&line](ApiClient& client) { return assign_task(client, line.task, line.claimant); });
}

void add_owners(CLI::App& task, CommandLine& line) {
  auto* release = verb_of_one(task, line, "release", "Give a task back");
  add_fence(release, line);
  release->add_option("--reason", line.reason, "Why, for the log");
  asks(release, line, [&line](ApiClient& client) { return release_task(client, line.task, line.reason); });
  auto* beat = verb_of_one(task, line, "heartbeat", "A sign of life of the owner: the lease begins anew");
  add_fence(beat, line);
  add_lease(beat, line);
  asks(beat, line, [&line](ApiClient& client) { return heartbeat(client, line.task, line.claimant.lease_s); });
  auto* drop = verb_of_one(task, line, "drop", "Take a task off the board");
  add_fence(drop, line);
  asks(drop, line, [&line](ApiClient& client) { return drop_task(client, line.task); });
  auto* back = verb_of_one(task, line, "restore", "Put a dropped task back on the board");
  asks(back, line, [&line](ApiClient& client) { return restore_task(client, line.task); });
}

void add_relations(CLI::App& task, CommandLine& line) {
  auto* link = verb_of_one(task, line, "link", "Make a task wait for another one");
  link->add_option("depends-on", line.depends_on, "Id of the task that it waits for")->required();
  asks(link, line, [&line](ApiClient& client) { return link_task(client, line.task, line.depends_on); });
  auto* unlink = verb_of_one(task, line, "unlink", "End such a wait");
  unlink->add_option("depends-on", line.depends_on, "Id of the task that it waits for")->required();
  asks(unlink, line, [&line](ApiClient& client) { return unlink_task(client, line.task, line.depends_on); });
  auto* cancel = verb_of_one(task, line, "cancel-dependents", "Cancel what waits for a task and has not begun");
  asks(cancel, line, [&line](ApiClient& client) { return cancel_dependents(client, line.task); });
  auto* comment = verb_of_one(task, line, "comment", "Comment on a task");
  comment->add_option("text", line.text)->required();
  comment->add_option("--agent", line.author, "The agent who says it; a person when not given");
  asks(comment, line, [&line](ApiClient& client) { return comment_task(client, line.task, line.text, line.author); });
}

}  // namespace

void add_task_commands(CLI::App& cli, CommandLine& line) {
  auto* task = cli.add_subcommand("task", "Tasks on the board")->require_subcommand(1);
  add_new(*task, line);
  add_list(*task, line);
  add_looks(*task, line);
  add_changes(*task, line);
  add_claims(*task, line);
  add_owners(*task, line);
  add_relations(*task, line);
}

}  // namespace baton::cli
