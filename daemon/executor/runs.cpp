#include "executor/runs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "board/own.hpp"
#include "board/read.hpp"
#include "board/status.hpp"
#include "executor/run_life.hpp"

namespace baton::executor {

Runs::Runs(Services& services, Workspaces& workspaces, Verification& verification, BusyTasks& busy)
    : services_(services), workspaces_(workspaces), verification_(verification), busy_(busy), scope_(services.loop) {}

Runs::~Runs() = default;

reactor::Task<Result<RunReport>> Runs::run(RunRequest request) {
  if (stopping_) co_return fail(Errc::kUnavailable, "the daemon is stopping", "stopping");
  if (lives_.size() >= limits::kRunsAtOnce) {
    co_return fail(Errc::kUnavailable, "as many runs as are allowed are going on", "at_limit");
  }
  if (const auto* runtime = services_.runtimes.find(request.runtime_id); runtime != nullptr) {
    const auto at_most = runtime->capabilities().max_runs;
    const auto there = std::count_if(lives_.begin(), lives_.end(),
                                     [&](const auto& life) { return life->runtime_id() == runtime->id(); });
    if (at_most > 0 && there >= static_cast<std::ptrdiff_t>(at_most)) {
      co_return fail(Errc::kUnavailable, fmt::format("{} takes {} runs at once", runtime->id(), at_most), "at_limit");
    }
  }
  auto life = std::make_shared<RunLife>(services_, workspaces_, verification_, busy_, std::move(request));
  lives_.push_back(life);
  scope_.spawn(live(life));
  co_return co_await life->report();
}

reactor::Task<Result<RunAnswer>> Runs::run_once(RunRequest request) {
  const auto once = *request.once;
  const auto life = alive_under(once.key.key);
  auto before = answer_before(request, life);
  if (!before) co_return fail(std::move(before));
  if (*before) co_return **std::move(before);
  const bool replayed = life != nullptr;
  auto report = replayed ? life->report() : run(std::move(request));
  auto ended = co_await std::move(report);
  if (!ended) co_return fail(std::move(ended));
  co_return RunAnswer{.text = once.answer(*ended), .replayed = replayed};
}

// Nothing: the run is to be begun, or `alive` is it.
Result<std::optional<RunAnswer>> Runs::answer_before(const RunRequest& request, const std::shared_ptr<RunLife>& alive) {
  const auto& key = request.once->key;
  auto before = services_.board.read([&](const store::View& view) { return board::look_up(view, key); });
  if (!before) return fail(before);
  if (before->state == board::OnceState::kAnswered) {
    return RunAnswer{.text = std::move(before->answer), .replayed = true};
  }
  if (alive && alive->once()->key.request != key.request) {  // which may not have begun yet
    return fail(Errc::kUnprocessable, "this Idempotency-Key was used for another request", "idempotency_key_reused");
  }
  if (!alive && before->state == board::OnceState::kUnfinished) {
    return fail(Errc::kConflict,
                "the run under this Idempotency-Key was cut off before its end was written; GET /api/board/" +
                    request.task_id.value + "/executions shows how far it came",
                "run_interrupted");
  }
  return std::nullopt;
}

std::shared_ptr<RunLife> Runs::alive_under(const std::string& key) const {
  for (const auto& life : lives_) {
    if (life->once() && life->once()->key.key == key) return life;
  }
  return nullptr;
}

// The oldest: a later one was refused, or is about to be.
std::shared_ptr<RunLife> Runs::alive_on(const TaskId& task) const {
  const auto found =
      std::find_if(lives_.begin(), lives_.end(), [&](const auto& life) { return life->task_id() == task; });
  return found == lives_.end() ? nullptr : *found;
}

reactor::Task<bool> Runs::cancel(TaskId task, std::string why) {
  const auto life = alive_on(task);
  if (!life) co_return false;
  life->cancel(runtime::CancelReason::kUser, std::move(why));
  const auto ended = co_await life->report();
  static_cast<void>(ended);  // how it ended is in the ledger, and its own caller's answer
  co_return true;
}

reactor::Task<Result<worktree::Paused>> Runs::pause(TaskId task, Fence fence, bool force) {
  const auto there = services_.board.read([&](const store::View& view) -> Result<store::Task> {
    if (const auto row = board::workspace_of(view, task); !row) return fail(row.error());
    auto found = board::find_task(view, task);
    if (!found) return found;
    if (auto current = board::check_fence(*found, fence); !current) return fail(std::move(current));
    return found;
  });
  if (!there) co_return fail(there.error());
  if (!co_await cancel(task, "its task is to be paused"))
    co_return co_await workspaces_.pause(std::move(task), fence, force);
  const auto now = services_.board.read([&](const store::View& view) { return board::find_task(view, task); });
  if (!now) co_return fail(now.error());
  if (now->fence != there->fence && board::is_locked(now->status)) {
    co_return fail(Errc::kConflict, "somebody else has claimed the task since its run ended", "claimed");
  }
  co_return co_await workspaces_.pause(std::move(task), now->fence, force);
}

void Runs::look_after_owners() {
  constexpr auto kSoon =
      std::chrono::milliseconds(20);  // a race of claims makes the log grow hundreds of times a second
  if (lives_.empty() || look_) return;
  look_.emplace(services_.loop, kSoon, [this] { end_disowned(); });
}

void Runs::end_disowned() {
  look_.reset();
  const auto lives = lives_;  // to cancel one may end it
  for (const auto& life : lives) {
    if (!life->is_at_work() || life->still_ours()) continue;
    life->cancel(runtime::CancelReason::kUser, "its task was taken away");
  }
}

reactor::Task<> Runs::live(std::shared_ptr<RunLife> life) {
  co_await life->play();
  std::erase(lives_, life);
}

reactor::Task<> Runs::shut_down() {
  stopping_ = true;
  look_.reset();
  for (const auto& life : lives_) life->cancel(runtime::CancelReason::kShutdown, "the daemon is stopping");
  co_await scope_.drained();
}

}  // namespace baton::executor
