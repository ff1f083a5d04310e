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
