// Everything a run needs, for real but for the runtimes: a board on SQLite, a git repository, worktrees, the gate.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "board/create.hpp"
#include "board/edit.hpp"
#include "board/execution.hpp"
#include "board/read.hpp"
#include "executor/await.hpp"
#include "executor/runs.hpp"
#include "store/store.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/executor/scripted_runtime.hpp"

namespace baton::test {

class Workshop {
 public:
  explicit Workshop(executor::Settings settings = {}) : git_(loop_), worktrees_(git_, directory_ / "state") {
    std::filesystem::create_directories(directory_ / "state");
    auto opened = store::open(directory_ / "state/baton.db", clock_,
                              [this] { loop_.post([this] { store_.writer->deliver(); }); });
    require(opened.has_value(), "the store did not open");
    store_ = *std::move(opened);
    board_.emplace(*store_.writer, *store_.reader);
    settings.state = directory_ / "state";
    services_.emplace(executor::Services{
        loop_, clock_, *board_, worktrees_, registry_,
        [this](verify::GateRequest request) { return verify::run_gate(loop_, nullptr, std::move(request)); },
        std::move(settings)});
    verification_.emplace(*services_);
    workspaces_.emplace(*services_, *verification_, busy_);
    runs_.emplace(*services_, *workspaces_, *verification_, busy_);
    make_repository();
  }

  template <class T>
  T await(reactor::Task<T> task) {
    return run_task(loop_, std::move(task));
  }

  template <class Script>
  auto write(Script script) {
    return await(executor::write(loop_, *board_, std::move(script)));
  }

  store::Task create(const std::string& title, board::NewTask more = {}) {
    more.title = title;
    return *write([more](store::Tx& tx) { return board::create_task(tx, more); });
  }
  store::Task task(const TaskId& id) {
    return *board_->read([&](const store::View& view) { return board::find_task(view, id); });
  }
  std::vector<store::Execution> executions(const TaskId& id) {
    return *board_->read([&](const store::View& view) { return board::executions_of(view, id); });
  }

  // Kinds of a task's events, oldest first.
  std::vector<std::string> events_of(const TaskId& id) {
    std::vector<std::string> kinds;
    const auto events = board_->read([&](const store::View& view) -> Result<std::vector<store::Event>> {
      store::EventFilter filter;
      filter.task_id = id;
      return view.events.after(0, filter, 1000);
    });
    for (const auto& event : *events) kinds.push_back(event.kind);
    return kinds;
  }
  board::Board& board() { return *board_; }

  ScriptedRuntime& runtime(const std::string& id, ScriptedRuntime::Work work) {
    auto& made = *scripted_.emplace_back(std::make_unique<ScriptedRuntime>(loop_, id, std::move(work)));
    registry_.add(made);
    return made;
  }

  executor::RunRequest request(const std::string& runtime, const TaskId& task) const {
    executor::RunRequest request;
    request.runtime_id = runtime;
    request.task_id = task;
    request.agent_id = runtime + "-agent";
    request.repo_path = repository().string();
    return request;
  }
  Result<executor::RunReport> run(executor::RunRequest request) { return await(runs_->run(std::move(request))); }

  git::Git& git() { return git_; }
  executor::Services& services() { return *services_; }
  executor::BusyTasks& busy() { return busy_; }
  executor::Runs& runs() { return *runs_; }
  executor::Workspaces& workspaces() { return *workspaces_; }
  reactor::Loop& loop() { return loop_; }
  std::filesystem::path repository() const { return directory_ / "repository"; }
  const std::filesystem::path& directory() const { return directory_.path(); }

  // Commits files to the repository with the user's own git.
  void commit(const std::string& file, const std::string& content, bool executable = false) {
    write_file(repository() / file, content, executable);
    shell("git add -A && git -c user.name=t -c user.email=t@t commit -qm " + file);
  }
  void shell(const std::string& command) {
    const auto line = "cd '" + repository().string() + "' && export GIT_CONFIG_GLOBAL=/dev/null && " + command;
    require(std::system(line.c_str()) == 0, "a git command of the test failed");
  }

 private:
  void make_repository() {
    std::filesystem::create_directories(repository());
    shell("git init -q -b main");
    commit("README.md", "a repository\n");
  }

  TempDir directory_;
  SystemClock clock_;
  reactor::Loop loop_;
  store::Opened store_;
  std::optional<board::Board> board_;
  git::Git git_;
  worktree::Worktrees worktrees_;
  runtime::Registry registry_;
  std::vector<std::unique_ptr<ScriptedRuntime>> scripted_;
  executor::BusyTasks busy_;
  std::optional<executor::Services> services_;
  std::optional<executor::Verification> verification_;
  std::optional<executor::Workspaces> workspaces_;
  std::optional<executor::Runs> runs_;
};

}  // namespace baton::test
