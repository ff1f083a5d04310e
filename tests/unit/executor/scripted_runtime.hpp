// A runtime that does what a test says: a function writes files and gives the outcome, or the run waits for its cancel.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reactor/loop.hpp"
#include "runtime/runtime.hpp"

namespace baton::test {

class ScriptedRuntime final : public runtime::Runtime {
 public:
  // Works in the request's directory. No outcome: the run goes on until it is cancelled.
  using Work = std::function<std::optional<runtime::Outcome>(const runtime::Request&, runtime::Listener&)>;

  ScriptedRuntime(reactor::Loop& loop, std::string id, Work work)
      : loop_(loop), id_(std::move(id)), work_(std::move(work)) {
    capabilities_.worktree = true;
    capabilities_.streaming = true;
    health_ = {.probed = true, .ready = true, .version = "1", .account = {}, .hint = {}};
  }

  const std::string& id() const override { return id_; }
  const std::string& name() const override { return id_; }
  const runtime::Capabilities& capabilities() const override { return capabilities_; }
  const runtime::Health& health() const override { return health_; }
  runtime::Capabilities& change_capabilities() { return capabilities_; }
  const std::vector<runtime::Request>& requests() const { return requests_; }
  std::size_t cancelled() const { return cancelled_; }
  std::size_t held() const { return held_; }  // how often a run was held back
  bool is_held() const { return is_held_; }

  // A run that its work did not end, ends with `outcome` as soon as `condition` holds.
  void end_when(std::function<bool()> condition, runtime::Outcome outcome) {
    condition_ = std::move(condition);
    outcome_ = std::move(outcome);
  }

  Result<std::unique_ptr<runtime::Run>> start(const runtime::Request& request, runtime::Listener& listener) override {
    requests_.push_back(request);
    auto state = std::make_shared<State>(State{&listener});
    loop_.post([this, state, request] {
      if (state->listener == nullptr) return;
      if (const auto outcome = work_(request, *state->listener)) return end(state, *outcome);
      if (condition_) look_again(state);
    });
    return std::make_unique<ScriptedRun>(*this, std::move(state));
  }

 private:
  struct State {
    runtime::Listener* listener;  // null: it ended, or nobody listens any more
  };

  class ScriptedRun final : public runtime::Run {
   public:
    ScriptedRun(ScriptedRuntime& owner, std::shared_ptr<State> state) : owner_(owner), state_(std::move(state)) {}
    ~ScriptedRun() override { state_->listener = nullptr; }
    Result<Unit> input(runtime::Input) override { return fail(Errc::kInvalid, "it takes no input"); }
    void hold(bool held) override {
      if (held) ++owner_.held_;
      owner_.is_held_ = held;
    }
    void cancel(runtime::CancelReason) override {
      ++owner_.cancelled_;
      owner_.loop_.post([&owner = owner_, state = state_] {
        owner.end(state, {.end = runtime::EndKind::kCancelled, .summary = "was cancelled"});
      });
    }

   private:
    ScriptedRuntime& owner_;
    std::shared_ptr<State> state_;
  };

  void look_again(const std::shared_ptr<State>& state) {
    if (condition_()) return end(state, outcome_);
    loop_.post([this, state] { look_again(state); });
  }

  static void end(const std::shared_ptr<State>& state, const runtime::Outcome& outcome) {
    if (auto* listener = std::exchange(state->listener, nullptr)) listener->on_end(outcome);
  }

  reactor::Loop& loop_;
  std::string id_;
  Work work_;
  runtime::Capabilities capabilities_;
  runtime::Health health_;
  std::vector<runtime::Request> requests_;
  std::size_t cancelled_ = 0;
  std::size_t held_ = 0;
  bool is_held_ = false;
  std::function<bool()> condition_;
  runtime::Outcome outcome_;
};

inline runtime::Outcome success(std::string summary) {
  return {.end = runtime::EndKind::kSuccess, .summary = std::move(summary)};
}

}  // namespace baton::test
