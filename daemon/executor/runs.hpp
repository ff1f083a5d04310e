// The runs that are alive.
//
// A run belongs to the daemon: it is spawned here, and whoever asked for it only waits for its report. When they go
// away the run goes on, and the ledger shows how it ended.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "board/once.hpp"
#include "executor/busy.hpp"
#include "executor/services.hpp"
#include "executor/verification.hpp"
#include "executor/workspaces.hpp"
#include "reactor/scope.hpp"
#include "reactor/task.hpp"
#include "reactor/timer.hpp"

namespace baton::executor {

struct RunReport;

// A run that is asked for under an Idempotency-Key. Its answer is made of its report, in the transaction that ends it.
struct RunOnce {
  board::OnceKey key;
  std::function<std::string(const RunReport&)> answer;  // called on any thread
};

struct RunRequest {
  std::string runtime_id;
  TaskId task_id;
  std::string agent_id;
  std::string repo_path;         // empty: the one that the task's workspace remembers
  std::string kind;              // empty: the task's own, or "code"
  std::string model;             // empty: the runtime's own
  bool keep_for_resume = false;  // stop with a hand-off instead of completing
  std::optional<RunOnce> once = {};
};

struct RunReport {
  ExecutionId execution_id;  // the last one, when verification asked for another attempt
  std::string runtime_id;
  std::string done_reason;  // success, max_turns, aborted, error (contract §2.1)
  store::TaskStatus task_status = store::TaskStatus::kTodo;
  std::string summary;
  std::optional<double> cost_usd;
  bool used_worktree = false;
  std::vector<std::string> degradations;  // what the runtime cannot do, for people
};

// The answer to a run under a key.
struct RunAnswer {
  std::string text;
  bool replayed = false;  // the run was asked for before
};

class RunLife;

class Runs {
 public:
  Runs(Services& services, Workspaces& workspaces, Verification& verification, BusyTasks& busy);
  ~Runs();  // after shut_down()
  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;

  // Carries out a run and waits for its report. Errors are refusals that left everything as it was: kNotFound
  // "unknown_runtime" or "not_found"; kUnprocessable "too_deep", "connected_substrate", "workspace_unavailable",
  // "not_a_repository", …; kConflict "claimed", "status", "busy", "undead_worker", …; kUnavailable "stopping" or
  // "at_limit". A run that failed is a report.
  reactor::Task<Result<RunReport>> run(RunRequest request);

  // The same for a request with a key, `request.once`: carried out once. While it goes on, whoever asks again waits for
  // the same end; later the answer is given again. Refusals free the key. Further errors: kUnprocessable
  // "idempotency_key_reused"; kConflict "run_interrupted": the run had begun, but its end was never written, because
  // the daemon or its disk failed. What there is about it stands in the ledger.
  reactor::Task<Result<RunAnswer>> run_once(RunRequest request);

  // Ends the task's run, if one is alive, and waits until it has settled its task. False: there was none.
  reactor::Task<bool> cancel(TaskId task, std::string why);

  // Workspaces::pause() of a task that may be worked on: its run is ended first. With a fence that was good before the
  // run ended, the pause is the caller's. kConflict "busy" also when the next run begins in between.
  reactor::Task<Result<worktree::Paused>> pause(TaskId task, Fence fence = {}, bool force = false);

  // The log has grown, so tasks may have changed hands: a run whose task was taken from it (moved, released, swept,
  // dropped) is ended, since nobody wants what it still does. Looks a moment later, once for many calls.
  void look_after_owners();

  std::size_t alive() const { return lives_.size(); }

  // Refuses new runs, cancels those that live, ends when the last one has settled its task.
  reactor::Task<> shut_down();

 private:
  friend class RunLife;
  Result<std::optional<RunAnswer>> answer_before(const RunRequest& request, const std::shared_ptr<RunLife>& alive);
  std::shared_ptr<RunLife> alive_under(const std::string& key) const;
  std::shared_ptr<RunLife> alive_on(const TaskId& task) const;
  void end_disowned();
  reactor::Task<> live(std::shared_ptr<RunLife> life);

  Services& services_;
  Workspaces& workspaces_;
  Verification& verification_;
  BusyTasks& busy_;
  reactor::Scope scope_;
  std::vector<std::shared_ptr<RunLife>> lives_;
  std::optional<reactor::Deadline> look_;  // end_disowned() is due
  bool stopping_ = false;
};

}  // namespace baton::executor
