// Child processes that are played, not started: the Children of a validator's host.
//
// A child does one thing per turn of the loop (print a piece, exit), in virtual time. With chance, pieces are cut at
// random places and of several children that are ready any one is next; one stream's bytes keep their order, and the
// exit comes last.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "plugin/children.hpp"
#include "plugin_check/chance.hpp"
#include "plugin_check/script.hpp"
#include "reactor/loop.hpp"

namespace baton::plugin_check {

class ScriptedChild;

class ScriptedChildren final : public plugin::Children {
 public:
  // Says what the `nth` program (from 0) does; an error is what spawn answers.
  using Director = std::function<Result<Script>(const process::SpawnRequest& request, std::size_t nth)>;

  // Both outlive it.
  ScriptedChildren(reactor::Loop& loop, Chance& chance);
  ~ScriptedChildren() override;

  void direct(Director director) { director_ = std::move(director); }
  Result<std::unique_ptr<plugin::RunningChild>> spawn(process::SpawnRequest request,
                                                      process::Child::Events events) override;

  // From now on the pipe to a program has no room for the first `count` writes; it says when there is room again.
  void refuse_writes(std::size_t count) { refused_writes_ = count; }

  // All that were ever started, in order; places stay.
  const std::deque<Spawned>& spawned() const { return spawned_; }
  std::size_t alive() const;  // neither exited nor forgotten
  void forget();              // what spawned() shows, when none is alive

  // ---- for the children ----
  reactor::Loop& loop() { return loop_; }
  Chance& chance() { return chance_; }
  std::size_t refused_writes() const { return refused_writes_; }
  void ready(std::function<void()> action);  // done in a turn of its own

 private:
  void pump();

  reactor::Loop& loop_;
  Chance& chance_;
  Director director_;
  std::size_t refused_writes_ = 0;
  std::deque<Spawned> spawned_;
  std::vector<std::function<void()>> ready_;
  std::shared_ptr<bool> lives_ = std::make_shared<bool>(true);
};

// Prints what it read, once stdin is closed, and exits with 0; without a stdin it prints a version.
Script plain_script(const process::SpawnRequest& request);

}  // namespace baton::plugin_check
