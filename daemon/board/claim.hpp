// Taking a task: one of many wins, the others learn why not.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct ClaimRequest {
  TaskId task_id;
  std::string assignee_agent_id;
  std::optional<std::string> assignee_runtime = {};
  bool ignore_dependencies = false;
};

// The task as it is owned now; `fence` names this ownership.
// kNotFound. kConflict with the reason "claimed", "dropped", "dependencies" or "status" and a sentence that names the
// holder.
Result<store::Task> claim(store::Tx& tx, const ClaimRequest& request);

}  // namespace baton::board
