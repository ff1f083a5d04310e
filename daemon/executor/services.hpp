// What the executor works with. All of it is made by the wiring and outlives the executor.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "board/board.hpp"
#include "executor/busy.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"
#include "runtime/runtime.hpp"
#include "verify/gate.hpp"
#include "verify/settings.hpp"
#include "worktree/worktrees.hpp"

namespace baton::executor {

struct Settings {
  std::filesystem::path state;
  std::chrono::nanoseconds silence = limits::kRunSilence;  // a run without a sign of life so long is ended
  std::optional<std::chrono::nanoseconds> timeout;         // of one execution
  std::uint32_t max_fix_cycles = 1;                        // further executions after a failed verification
  std::uint64_t free_floor_bytes = 0;  // below it nothing new is begun (free_space.hpp); 0: no floor
  verify::Settings gate;
};

// How a gate is run; the wiring gives the real one (verify/gate.hpp).
using Gate = std::function<reactor::Task<Result<verify::GateRun>>(verify::GateRequest)>;

struct Services {
  reactor::Loop& loop;
  const Clock& clock;
  board::Board& board;
  worktree::Worktrees& worktrees;
  runtime::Registry& runtimes;
  Gate gate;
  Settings settings;
  Undead undead = [](const TaskId&) { return std::nullopt; };
  std::function<void()> on_disk_pressure = {};  // something was refused for want of room; may be empty
};

}  // namespace baton::executor
