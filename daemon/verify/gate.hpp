// Runs the command that judges a task's work, in its worktree, to its end or its deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "process/keeper.hpp"
#include "process/ledger.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::verify {

// One run of the gate; "deterministic" in a verdict.
struct GateRun {
  std::string command;
  std::optional<int> exit_code;  // nothing when a signal ended it or nothing ran
  bool passed = false;           // exit 0 in time
  std::string stdout_tail;       // the last limits::kGateTail bytes, as UTF-8
  std::string stderr_tail;
  std::int64_t duration_ms = 0;
  bool timed_out = false;
};

// For a task that no command judges and that must have a verdict nevertheless: nothing ran, nothing passed.
GateRun unset_gate();

struct GateRequest {
  std::string command;    // for /bin/sh
  std::string directory;  // the worktree
  std::chrono::nanoseconds timeout = limits::kGateTimeout;
  std::stop_token cancel = {};
  std::string subject = {};                       // the task whose tree it is
  std::shared_ptr<process::Cell> cell = nullptr;  // what it starts ends with it; null: only its own session does
};

// The whole process tree is ended with the command. The daemon's own variables (secrets, sockets) are not in its
// environment. A red gate is a value; errors are kCancelled and those of process::run (no such directory, no
// descriptors). `ledger` may be null.
reactor::Task<Result<GateRun>> run_gate(reactor::Loop& loop, process::Ledger* ledger, GateRequest request);

}  // namespace baton::verify
