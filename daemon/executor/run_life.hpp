// One run of one task by one runtime, from the request to the transaction that settles the task ("The life of a task"
// in docs/architecture.md; the steps below carry its numbers).
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "board/run.hpp"
#include "executor/run_recorder.hpp"
#include "executor/runs.hpp"
#include "handoff/prompt.hpp"
#include "reactor/event.hpp"
#include "runtime/runtime.hpp"

namespace baton::executor {

class RunLife {
 public:
  RunLife(Services& services, Workspaces& workspaces, Verification& verification, BusyTasks& busy, RunRequest request);
  RunLife(const RunLife&) = delete;
  RunLife& operator=(const RunLife&) = delete;

  reactor::Task<> play();                     // the whole life; once
  reactor::Task<Result<RunReport>> report();  // its result, for all who wait
  // Asks for the end, as soon as the runtime or the gate can be ended; the work stays where it is, the task is free.
  // `why` is for the ledger and the log. The first one counts.
  void cancel(runtime::CancelReason reason, std::string why);

  const TaskId& task_id() const { return request_.task_id; }
  // It works on the task, or is about to, and has not begun to write its end. Then somebody may take the task away.
  bool is_at_work() const { return at_work_; }
  bool still_ours() const;  // the task is at the fence of this run's claim

  const std::string& runtime_id() const { return request_.runtime_id; }
  const std::optional<RunOnce>& once() const { return request_.once; }

 private:
  reactor::Task<Result<RunReport>> carry_out();
  reactor::Task<Result<Unit>> admit();             // 2: refusals that change nothing
  reactor::Task<Result<Unit>> begin();             // 3: claim, execution, lease
  reactor::Task<Result<Unit>> prepare();           // 4: a directory, and what the last runtime left in it
  reactor::Task<Result<runtime::Outcome>> work();  // 5, 6
  reactor::Task<runtime::Outcome> watch(RunRecorder& recorder, runtime::Run& run);

  // 7, 8. True: verification asks for another attempt, which has begun.
  reactor::Task<Result<bool>> settle(runtime::Outcome outcome);
  reactor::Task<Result<bool>> settle_unfinished(runtime::Outcome outcome);
  reactor::Task<Result<bool>> settle_paused();
  reactor::Task<Result<bool>> settle_finished();
  reactor::Task<Result<bool>> verify();
  reactor::Task<Result<bool>> settle_late();

  reactor::Task<Result<bool>> end(board::Settlement settlement, std::optional<board::RunClaim> next = {});
  bool taken_note_of(const board::Settled& settled);
  reactor::Task<Result<RunReport>> give_up(Error error);
  reactor::Task<Result<Unit>> leave_handoff();
  board::NewComment summary_comment() const;
  runtime::Request request_for(const handoff::Prompt& prompt) const;

  Services& services_;
  Workspaces& workspaces_;
  Verification& verification_;
  BusyTasks& busy_;
  RunRequest request_;
  std::optional<Result<RunReport>> result_;
  reactor::Event finished_;
  std::stop_source stop_;    // it was cancelled
  std::string why_stopped_;  // cancel
  bool going_down_ = false;  // cancel: with the daemon
  bool at_work_ = false;     // from begin to end

  // Known from the step that sets it.
  runtime::Runtime* runtime_ = nullptr;         // admit
  std::optional<BusyTasks::Hold> hold_;         // admit
  store::Task task_;                            // begin
  board::Lease lease_;                          // begin
  std::optional<worktree::Worktree> worktree_;  // prepare; nothing: a scratch directory
  std::filesystem::path directory_;             // prepare
  std::string handoff_before_;                  // prepare, leave_handoff: the file as the next attempt finds it
  std::optional<handoff::FixNote> fix_note_;    // fix
  runtime::Run* running_ = nullptr;             // work, while it lasts
  board::ExecutionEnd end_;                     // work
  std::string session_;                         // work
  RunReport report_;
};

}  // namespace baton::executor
