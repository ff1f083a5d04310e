// Changes a task from outside: its texts, its priority, its status; all in one transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct TaskEdit {
  TaskId task_id;
  std::optional<store::TaskStatus> status = {};
  std::optional<std::int64_t> priority = {};
  std::optional<std::string> title = {};
  std::optional<std::string> description = {};
  bool human_override = false;             // the only way past a verdict that does not allow done; always in the log
  std::optional<std::int64_t> fence = {};  // given: refused unless it is the current one
  std::optional<bool> dropped = {};        // as own.hpp's drop() and restore()
  // The lease of a task that is moved to in_progress by this edit and has none.
  std::optional<std::int64_t> lease_ms = {};
};

// kNotFound. kConflict: "illegal_transition", "verification_required", "stale_fence", "running"; "dropped" for a move
// of a task that is off the board, unless the same edit restores it.
Result<store::Task> edit_task(store::Tx& tx, const TaskEdit& request);

// True when a stored verdict lets a task become done: there is none, it passed, or it ended with debt over a green gate
// (contract §5). A verdict that cannot be read does not.
bool is_promotable(const std::optional<std::string>& verification);

}  // namespace baton::board
