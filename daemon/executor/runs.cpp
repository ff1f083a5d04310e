#include "executor/runs.hpp"

#include <algorithm>

#include <fmt/format.h>

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

reactor::Task<> Runs::live(std::shared_ptr<RunLife> life) {
  co_await life->play();
  std::erase(lives_, life);
}

reactor::Task<> Runs::shut_down() {
  stopping_ = true;
  for (const auto& life : lives_) life->stop();
  co_await scope_.drained();
}

}  // namespace baton::executor
