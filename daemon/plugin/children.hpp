// Child processes, as baton.process/1 needs them: the machine's, or somebody's script of them (the validator plays
// recorded sessions to a plugin).
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "process/child.hpp"
#include "process/ledger.hpp"
#include "reactor/loop.hpp"

namespace baton::plugin {

// Each function as process::Child has it; destroying it forgets the child and ends it.
class RunningChild {
 public:
  virtual ~RunningChild() = default;
  virtual Result<Unit> write(std::string_view bytes) = 0;
  virtual void close_stdin() = 0;
  virtual Result<Unit> signal(int number) = 0;
  virtual void stop(std::chrono::nanoseconds grace) = 0;
  virtual void pause(bool paused) = 0;
};

class Children {
 public:
  virtual ~Children() = default;
  // As process::Child::spawn: nothing was started after an error, and calls come in later turns only.
  virtual Result<std::unique_ptr<RunningChild>> spawn(process::SpawnRequest request, process::Child::Events events) = 0;
};

class SystemChildren final : public Children {
 public:
  // Both outlive it; `ledger` may be null (tests).
  SystemChildren(reactor::Loop& loop, process::Ledger* ledger) : loop_(loop), ledger_(ledger) {}
  Result<std::unique_ptr<RunningChild>> spawn(process::SpawnRequest request, process::Child::Events events) override;

 private:
  reactor::Loop& loop_;
  process::Ledger* ledger_;
};

}  // namespace baton::plugin
