#include "executor/run_life.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "board/read.hpp"
#include "executor/await.hpp"
#include "executor/isolation.hpp"
#include "executor/run_outcome.hpp"
#include "handoff/files.hpp"
#include "handoff/sor_files.hpp"
#include "reactor/timer.hpp"

namespace baton::executor {
namespace {

using std::chrono::nanoseconds;

constexpr auto kWatchAtMost = std::chrono::seconds(1);  // how late a silent run may be noticed

}  // namespace

RunLife::RunLife(Services& services, Workspaces& workspaces, Verification& verification, BusyTasks& busy,
                 RunRequest request)
    : services_(services),
      workspaces_(workspaces),
      verification_(verification),
      busy_(busy),
      request_(std::move(request)),
      finished_(services.loop) {}

reactor::Task<> RunLife::play() {
  auto result = co_await carry_out();
  hold_.reset();
  result_.emplace(std::move(result));
  finished_.notify_all();
}

reactor::Task<Result<RunReport>> RunLife::report() {
  while (!result_) co_await finished_.wait();
  co_return *result_;
}

void RunLife::cancel(runtime::CancelReason reason, std::string why) {
  going_down_ = going_down_ || reason == runtime::CancelReason::kShutdown;
  if (!stop_.stop_requested()) {
    log::info("run {}: to be ended: {}", lease_.execution_id.value, why);
    why_stopped_ = std::move(why);
  }
  stop_.request_stop();
  if (running_ != nullptr) running_->cancel(reason);
}

reactor::Task<Result<RunReport>> RunLife::carry_out() {
  if (auto admitted = co_await admit(); !admitted) co_return fail(std::move(admitted));
  if (auto begun = co_await begin(); !begun) co_return fail(std::move(begun));
  if (auto prepared = co_await prepare(); !prepared) co_return co_await give_up(std::move(prepared.error()));
  for (;;) {
    auto outcome = co_await work();
    if (!outcome) co_return co_await give_up(std::move(outcome.error()));
    auto again = co_await settle(*std::move(outcome));
    if (!again) co_return co_await give_up(std::move(again.error()));
    if (!*again) break;
  }
  if (!worktree_) co_await services_.worktrees.remove_scratch(directory_);
  co_return report_;
}

// ---- 2: refusals that change nothing, in the order of the architecture ----

reactor::Task<Result<Unit>> RunLife::admit() {
  runtime_ = services_.runtimes.find(request_.runtime_id);
  if (runtime_ == nullptr) co_return fail(services_.runtimes.missing(request_.runtime_id));
  request_.runtime_id = report_.runtime_id = runtime_->id();  // an alias may have been asked for
  const auto known = services_.board.read([&](const store::View& view) -> Result<std::optional<store::Workspace>> {
    const auto task = view.tasks.find(request_.task_id);
    if (!task) return fail(board::task_not_found(request_.task_id));
    if (request_.kind.empty()) request_.kind = task->kind.value_or("code");
    if (board::depth_of(view, request_.task_id, limits::kMaxDepth + 1) > limits::kMaxDepth) {
      return fail(Errc::kUnprocessable, fmt::format("the task has more than {} ancestors", limits::kMaxDepth),
                  "too_deep");
    }
    return view.workspaces.newest_of(request_.task_id);
  });
  if (!known) co_return fail(known.error());
  if (runtime_->capabilities().integration == runtime::Integration::kConnectedService) {
    co_return fail(Errc::kUnprocessable, "the runtime is a connected service, it takes no tasks",
                   "connected_substrate");
  }
  const bool remembered = request_.repo_path.empty() && known->has_value();
  auto room = workspaces_.check_room(remembered ? (*known)->repo_path : request_.repo_path);
  if (!room) co_return fail(std::move(room));
  auto held = busy_.hold(request_.task_id, "a run");
  if (!held) co_return fail(std::move(held));
  hold_.emplace(*std::move(held));

  report_.used_worktree = runtime_->capabilities().worktree && needs_worktree(request_.kind);
  report_.degradations = degradations_of(runtime_->capabilities());
  if (!report_.used_worktree) co_return Unit{};
  if (request_.repo_path.empty() && *known) request_.repo_path = (*known)->repo_path;
  if (request_.repo_path.empty()) {
    co_return fail(Errc::kUnprocessable, "the work changes files, so it needs a worktree, but no repoPath was given",
                   "workspace_unavailable");
  }
  auto base = co_await services_.worktrees.resolve_base(request_.repo_path, "");
  if (!base) co_return fail(std::move(base));
  co_return Unit{};
}

// ---- 3 ----

reactor::Task<Result<Unit>> RunLife::begin() {
  board::RunClaim claim{request_.task_id, request_.agent_id, runtime_->id(), "run"};
  if (request_.once) claim.once = request_.once->key;
  const auto script = [claim](store::Tx& tx) { return board::begin_run(tx, claim); };
  auto begun = co_await write(services_.loop, services_.board, script);
  if (!begun) co_return fail(std::move(begun));
  task_ = begun->task;
  lease_ = begun->lease;
  report_.execution_id = lease_.execution_id;
  report_.task_status = task_.status;
  at_work_ = true;
  log::info("run {}: {} works on task {} for {}", lease_.execution_id.value, runtime_->id(), lease_.task_id.value,
            request_.agent_id);
  co_return Unit{};
}

// ---- 4 ----

reactor::Task<Result<Unit>> RunLife::prepare() {
  if (!report_.used_worktree) {
    auto scratch = services_.worktrees.make_scratch(lease_.execution_id.value);
    if (!scratch) co_return fail(std::move(scratch));
    directory_ = *std::move(scratch);
    co_return Unit{};
  }
  WorkspaceRequest workspace;
  workspace.task_id = lease_.task_id;
  workspace.repo_path = request_.repo_path;
  auto ready = co_await workspaces_.provision_held(std::move(workspace));
  if (!ready) co_return fail(std::move(ready));
  worktree_ = ready->worktree;
  directory_ = worktree_->path;
  handoff_before_ = handoff::read_file(directory_, handoff::kHandoffFile).value_or("");
  co_return Unit{};
}

// ---- 5 and 6 ----

runtime::Request RunLife::request_for(const handoff::Prompt& prompt) const {
  runtime::Request request;
  request.agent = request_.agent_id;
  request.task = lease_.task_id.value;
  request.attempt = lease_.execution_id.value;
  request.prompt_system = prompt.system;
  request.prompt_context = prompt.context;
  request.prompt_turn = prompt.turn;
  request.model = request_.model;
  request.cwd = directory_.string();
  return request;
}

reactor::Task<Result<runtime::Outcome>> RunLife::work() {
  if (stop_.stop_requested()) co_return fail(Errc::kCancelled, why_stopped_, "stopping");
  handoff::PromptParts parts;
  parts.title = task_.title;
  parts.description = task_.description.value_or("");
  parts.in_worktree = worktree_.has_value();
  if (worktree_) parts.resume = handoff::reconstruct_state(directory_);
  parts.fix = fix_note_;
  auto request = request_for(handoff::assemble_prompt(parts));
  const bool same_runtime = parts.resume.last_runtime == runtime_->id() && parts.resume.native_session_id;
  if (runtime_->capabilities().resume && same_runtime) {
    request.mode = runtime::Request::Mode::kResume;
    request.resume = *parts.resume.native_session_id;
  }

  RunRecorder recorder(services_.loop, services_.clock, services_.board, lease_);
  auto run = runtime_->start(request, recorder);
  if (!run) co_return fail(std::move(run));
  running_ = run->get();
  recorder.attach(**run);
  auto outcome = co_await watch(recorder, **run);
  running_ = nullptr;
  recorder.detach();

  if (outcome.summary.empty()) {
    outcome.summary = std::string(text::trimmed(recorder.words()));
    runtime_->mask(outcome.summary);  // joined from pieces, in which nothing was to be found
  }
  report_.summary = std::string(text::head(outcome.summary, limits::kSummary));
  report_.done_reason = done_reason_of(outcome);
  end_ = execution_end_of(outcome, report_.summary);
  if (report_.summary.empty()) report_.summary = end_.error.value_or("");  // never leave a failure without a word
  fill_usage(end_, recorder.usage());
  report_.cost_usd = end_.cost_usd;
  session_ = recorder.session();
  co_return outcome;
}

// Waits for the end; asks for it when the run was silent or has lasted too long. The runtime keeps its promise to end
// by cancel_ms; should it not, the run is dropped, which ends it too.
reactor::Task<runtime::Outcome> RunLife::watch(RunRecorder& recorder, runtime::Run& run) {
  const auto& settings = services_.settings;
  const auto started = services_.clock.monotonic_ns();
  std::string overdue;
  const auto look = [&] {
    if (!overdue.empty() || recorder.has_ended()) return;
    const auto now = services_.clock.monotonic_ns();
    if (now - recorder.alive_until_ns() > settings.silence.count()) {
      overdue = "gave no sign of life for " + seconds_text(settings.silence);
    } else if (settings.timeout && now - started > settings.timeout->count()) {
      overdue = "took longer than " + seconds_text(*settings.timeout);
    }
    if (!overdue.empty()) run.cancel(runtime::CancelReason::kTime);
  };
  const auto period = std::min<nanoseconds>(kWatchAtMost, settings.silence / 4);
  const reactor::Ticker ticker(services_.loop, period, look);
  auto outcome = co_await recorder.ended();
  if (!overdue.empty()) {
    outcome.end = runtime::EndKind::kFailed;
    outcome.error_class = runtime::ErrorClass::kTimeout;
    outcome.summary = "the run " + overdue + " and was ended";
  }
  co_return outcome;
}

}  // namespace baton::executor
