// The end of a run: steps 7 and 8 of "The life of a task". Whatever happened, exactly one transaction closes the
// execution and settles the task, and what the run left on disk stays there.
#include "base/log.hpp"
#include "base/text.hpp"
#include "executor/await.hpp"
#include "executor/run_life.hpp"
#include "executor/run_outcome.hpp"
#include "handoff/files.hpp"
#include "handoff/sor_files.hpp"

namespace baton::executor {

reactor::Task<Result<bool>> RunLife::settle(runtime::Outcome outcome) {
  if (stop_.stop_requested() || outcome.end != runtime::EndKind::kSuccess)
    co_return co_await settle_unfinished(std::move(outcome));
  if (!worktree_) {
    board::Settlement done{.after = board::AfterWork::kDone, .comments = {summary_comment()}};
    if (auto ended = co_await end(std::move(done)); !ended) co_return fail(std::move(ended));
    co_return false;
  }
  leave_handoff();
  if (request_.keep_for_resume) co_return co_await settle_paused();
  co_return co_await settle_finished();
}

reactor::Task<Result<bool>> RunLife::settle_unfinished(runtime::Outcome outcome) {
  board::Settlement released;
  released.reason = stop_.stop_requested() ? "the daemon is stopping" : "the run ended without success";
  released.comments.push_back(failure_comment(outcome, report_));
  if (auto ended = co_await end(std::move(released)); !ended) co_return fail(std::move(ended));
  co_return false;
}

reactor::Task<Result<bool>> RunLife::settle_paused() {
  board::Settlement paused{.reason = "paused with a hand-off", .comments = {summary_comment()}};
  if (auto ended = co_await end(std::move(paused)); !ended) co_return fail(std::move(ended));
  co_return false;
}

reactor::Task<Result<bool>> RunLife::settle_finished() {
  auto completed = co_await services_.worktrees.complete(*worktree_);
  if (!completed) co_return fail(std::move(completed));
  if (!completed->cleaned) co_return co_await verify();
  board::Settlement done{.after = board::AfterWork::kDone,
                         .reason = "nothing was changed",
                         .comments = {summary_comment()},
                         .archive_workspace = true};
  if (auto ended = co_await end(std::move(done)); !ended) co_return fail(std::move(ended));
  co_return false;
}

reactor::Task<Result<bool>> RunLife::verify() {
  auto head = co_await services_.worktrees.checkpoint(*worktree_);
  if (!head) co_return fail(std::move(head));
  end_.after_commit = *head;
  const auto to_review = [lease = lease_](store::Tx& tx) {
    return board::begin_review(tx, lease.task_id, lease.fence);
  };
  auto reviewed = co_await write(services_.loop, services_.board, to_review);
  if (!reviewed) {
    if (reviewed.error().code != Errc::kConflict) co_return fail(std::move(reviewed));
    board::Settlement late{.comments = {summary_comment()}};  // another owner: end_run leaves the task alone
    if (auto ended = co_await end(std::move(late)); !ended) co_return fail(std::move(ended));
    co_return false;
  }
  auto judged = co_await verification_.judge(*reviewed, *worktree_, stop_.get_token());
  if (!judged) co_return fail(std::move(judged));
  judged->settlement.comments.insert(judged->settlement.comments.begin(), summary_comment());
  const auto note = judged->fix;
  if (auto ended = co_await end(std::move(judged->settlement)); !ended) co_return fail(std::move(ended));
  if (!note || report_.task_status != store::TaskStatus::kInProgress) co_return false;
  co_return co_await fix(*note);
}

reactor::Task<Result<bool>> RunLife::fix(handoff::FixNote note) {
  const board::RunClaim claim{request_.task_id, request_.agent_id, runtime_->id(), "verify-fix"};
  const auto script = [lease = lease_, claim](store::Tx& tx) { return board::continue_run(tx, lease, claim); };
  auto begun = co_await write(services_.loop, services_.board, script);
  if (!begun) {
    if (begun.error().code != Errc::kConflict) co_return fail(std::move(begun));
    co_return false;  // the task changed hands between verdict and fix: nothing is ours to do
  }
  lease_ = begun->lease;
  report_.execution_id = lease_.execution_id;
  fix_note_ = std::move(note);
  co_return true;
}

reactor::Task<Result<Unit>> RunLife::end(board::Settlement settlement) {
  const auto script = [lease = lease_, end = end_, settlement](store::Tx& tx) {
    return board::end_run(tx, lease, end, settlement);
  };
  auto settled = co_await write(services_.loop, services_.board, script);
  if (!settled) co_return fail(std::move(settled));
  report_.task_status = settled->task.status;
  log::info("run {}: {}, task {} is {}", lease_.execution_id.value, to_text(end_.status), lease_.task_id.value,
            to_text(settled->task.status));
  co_return Unit{};
}

// The system failed under a run that had begun: its execution is closed, its task released, its work kept where it is.
reactor::Task<Result<RunReport>> RunLife::give_up(Error error) {
  log::warn("run {}: {}", lease_.execution_id.value, error.what);
  end_.status = error.code == Errc::kCancelled ? store::ExecutionStatus::kCancelled : store::ExecutionStatus::kFailed;
  end_.error = std::string(text::head(error.what, limits::kSummary));
  board::Settlement released{.reason = "the run could not be carried out"};
  released.comments.push_back(
      {.task_id = lease_.task_id, .body = "Run failed: " + *end_.error, .author_type = "system"});
  if (auto ended = co_await end(std::move(released)); !ended) co_return fail(std::move(ended));
  if (!worktree_ && !directory_.empty()) co_await services_.worktrees.remove_scratch(directory_);
  co_return fail(std::move(error));
}

void RunLife::leave_handoff() {
  const auto left = handoff_after_run({.directory = directory_,
                                       .before = handoff_before_,
                                       .agent_id = request_.agent_id,
                                       .runtime_id = runtime_->id(),
                                       .summary = report_.summary,
                                       .session = session_,
                                       .keep_for_resume = request_.keep_for_resume,
                                       .now_ms = services_.clock.unix_ms()});
  if (!left) log::warn("run {}: no hand-off was left: {}", lease_.execution_id.value, left.error().what);
  handoff_before_ =
      handoff::read_file(directory_, handoff::kHandoffFile).value_or("");  // ours must not pass for theirs
}

board::NewComment RunLife::summary_comment() const {
  return {.task_id = lease_.task_id,
          .body = report_.summary.empty() ? "The run ended without a summary." : report_.summary,
          .author_type = "agent",
          .author_agent_id = request_.agent_id};
}

}  // namespace baton::executor
