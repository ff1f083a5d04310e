// The end of a run: steps 7 and 8 of "The life of a task". Whatever happened, exactly one transaction closes the
// execution and settles the task, and what the run left on disk stays there.
#include <algorithm>
#include <chrono>

#include "base/log.hpp"
#include "base/text.hpp"
#include "board/read.hpp"
#include "board/status.hpp"
#include "executor/await.hpp"
#include "executor/run_life.hpp"
#include "executor/run_outcome.hpp"
#include "handoff/files.hpp"
#include "handoff/sor_files.hpp"
#include "reactor/timer.hpp"

namespace baton::executor {
namespace {

// `report` is the run's, but for what its last transaction decides.
void keep_answer(store::Tx& tx, const RunOnce& once, RunReport report, const board::Settled& settled) {
  report.task_status = settled.task.status;
  board::keep_answer(tx, once.key, once.answer(report));
}

}  // namespace

reactor::Task<Result<bool>> RunLife::settle(runtime::Outcome outcome) {
  // Judging or taking away a tree in which something still writes would be worth nothing: end() blocks the task.
  if (services_.undead(lease_.task_id)) co_return co_await settle_unfinished(std::move(outcome));
  if (outcome.end != runtime::EndKind::kSuccess) co_return co_await settle_unfinished(std::move(outcome));
  if (!still_ours()) co_return co_await settle_late();
  if (!worktree_) {
    board::Settlement done{.after = board::AfterWork::kDone, .comments = {summary_comment()}};
    if (auto ended = co_await end(std::move(done)); !ended) co_return fail(std::move(ended));
    co_return false;
  }
  auto left = co_await leave_handoff();
  const bool pausing = request_.keep_for_resume || stop_.stop_requested();
  if (!left && pausing) co_return fail(std::move(left));  // a pause without a hand-off is none
  if (!left) log::warn("run {}: no hand-off was left: {}", lease_.execution_id.value, left.error().what);
  if (!still_ours()) co_return co_await settle_late();  // the hand-off took its time
  if (pausing) co_return co_await settle_paused();
  co_return co_await settle_finished();
}

// Asked before anything is done to the tree: somebody else may own the task, and the tree with it, by now.
bool RunLife::still_ours() const {
  const auto task =
      services_.board.read([&](const store::View& view) { return board::find_task(view, lease_.task_id); });
  return task && task->fence == lease_.fence && board::is_locked(task->status);
}

reactor::Task<Result<bool>> RunLife::settle_late() {
  board::Settlement late{.comments = {summary_comment()}};  // end_run sees the fence and leaves the task alone
  if (auto ended = co_await end(std::move(late)); !ended) co_return fail(std::move(ended));
  co_return false;
}

reactor::Task<Result<bool>> RunLife::settle_unfinished(runtime::Outcome outcome) {
  board::Settlement released;
  released.reason = stop_.stop_requested() ? why_stopped_ : "the run ended without success";
  released.comments.push_back(failure_comment(outcome, report_));
  if (auto ended = co_await end(std::move(released)); !ended) co_return fail(std::move(ended));
  co_return false;
}

reactor::Task<Result<bool>> RunLife::settle_paused() {
  board::Settlement paused;
  paused.reason = "paused with a hand-off";
  if (stop_.stop_requested()) paused.reason += ", " + why_stopped_;
  paused.comments.push_back(summary_comment());
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
    co_return co_await settle_late();
  }
  auto judged = co_await verification_.judge(*reviewed, *worktree_, stop_.get_token());
  if (!judged) co_return fail(std::move(judged));
  judged->settlement.comments.insert(judged->settlement.comments.begin(), summary_comment());
  if (!judged->fix) {
    if (auto ended = co_await end(std::move(judged->settlement)); !ended) co_return fail(std::move(ended));
    co_return false;
  }
  fix_note_ = judged->fix;
  const board::RunClaim next{request_.task_id, request_.agent_id, runtime_->id(), "verify-fix"};
  co_return co_await end(std::move(judged->settlement), next);
}

// The transaction that settles the run. A full disk or queue passes; a run that gave up here would leave its task owned
// by nobody who lives, so it goes on asking until it is written or the daemon stops.
reactor::Task<Result<bool>> RunLife::end(board::Settlement settlement, std::optional<board::RunClaim> next) {
  at_work_ = false;
  constexpr auto kFirstPause = std::chrono::milliseconds(200);
  constexpr auto kLongestPause = std::chrono::milliseconds(10'000);
  auto pause = kFirstPause;
  if (const auto alive = services_.undead(lease_.task_id)) {
    settlement = board::blocked_by_undead(*alive, std::move(settlement));
    next.reset();
  }
  for (;;) {
    const auto script = [lease = lease_, end = end_, settlement, next, once = request_.once,
                         report = report_](store::Tx& tx) {
      auto settled = board::end_run(tx, lease, end, settlement, next);
      if (once && settled && !settled->next) keep_answer(tx, *once, report, *settled);
      return settled;
    };
    auto settled = co_await write(services_.loop, services_.board, script);
    if (settled) co_return taken_note_of(*settled);
    const auto code = settled.error().code;
    const bool passes = code == Errc::kNoSpace || code == Errc::kUnavailable || code == Errc::kIo;
    if (!passes || going_down_) co_return fail(std::move(settled));
    log::warn("run {}: its end is not written yet: {}", lease_.execution_id.value, settled.error().what);
    co_await reactor::sleep_for(services_.loop, pause);
    pause = std::min(2 * pause, kLongestPause);
  }
}

// True: the next execution has begun, and is ours.
bool RunLife::taken_note_of(const board::Settled& settled) {
  report_.task_status = settled.task.status;
  log::info("run {}: {}, task {} is {}", lease_.execution_id.value, to_text(end_.status), lease_.task_id.value,
            to_text(settled.task.status));
  if (!settled.next) return false;
  at_work_ = true;
  lease_ = settled.next->lease;
  report_.execution_id = lease_.execution_id;
  return true;
}

// The system failed under a run that had begun: its execution is closed, its task released, its work kept where it is.
// A run that began ends with a report.
reactor::Task<Result<RunReport>> RunLife::give_up(Error error) {
  log::warn("run {}: {}", lease_.execution_id.value, error.what);
  const bool cancelled = error.code == Errc::kCancelled;
  const auto what = text::repaired_utf8(text::head(error.what, limits::kSummary));
  end_.status = cancelled ? store::ExecutionStatus::kCancelled : store::ExecutionStatus::kFailed;
  end_.error = what;
  report_.done_reason = cancelled ? "aborted" : "error";
  report_.summary = what;
  board::Settlement released{.reason = "the run could not be carried out"};
  released.comments.push_back({.task_id = lease_.task_id, .body = "Run failed: " + what, .author_type = "system"});
  if (auto ended = co_await end(std::move(released)); !ended) co_return fail(std::move(ended));
  if (!worktree_ && !directory_.empty()) co_await services_.worktrees.remove_scratch(directory_);
  co_return report_;
}

reactor::Task<Result<Unit>> RunLife::leave_handoff() {
  const auto& theirs = worktree_->user_files;
  if (std::find(theirs.begin(), theirs.end(), handoff::kHandoffFile) != theirs.end()) {
    co_return fail(Errc::kConflict, "the repository has a file AGENT_HANDOFF.json of its own", "user_file");
  }
  const HandoffAfterRun run{.directory = directory_,
                            .before = handoff_before_,
                            .agent_id = request_.agent_id,
                            .runtime_id = runtime_->id(),
                            .summary = report_.summary,
                            .session = session_,
                            .keep_for_resume = request_.keep_for_resume,
                            .now_ms = services_.clock.unix_ms()};
  auto text = handoff::render_handoff(handoff_after_run(run));
  auto left = co_await services_.worktrees.write_file(*worktree_, std::string(handoff::kHandoffFile), std::move(text));
  if (!left) co_return left;
  handoff_before_ =
      handoff::read_file(directory_, handoff::kHandoffFile).value_or("");  // ours must not pass for theirs
  co_return Unit{};
}

board::NewComment RunLife::summary_comment() const {
  return {.task_id = lease_.task_id,
          .body = report_.summary.empty() ? "The run ended without a summary." : report_.summary,
          .author_type = "agent",
          .author_agent_id = request_.agent_id};
}

}  // namespace baton::executor
