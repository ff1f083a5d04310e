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
  // How long the owner may be silent (lease.hpp); nothing: for ever, which is for runs of this daemon.
  std::optional<std::int64_t> lease_ms = {};
  // The lease is the claimant's own, not the board's default: the sweep keeps track of it from the start.
  bool own_lease = false;
};

// The task as it is owned now; `fence` names this ownership.
// kNotFound. kConflict with the reason "claimed", "dropped", "dependencies" or "status", a sentence that names the
// holder, and details: status, fence, and as far as they are known holder, holderRuntime, since, until, executionId,
// blockedBy. Times are milliseconds since 1970.
Result<store::Task> claim(store::Tx& tx, const ClaimRequest& request);

// Why a claim of `task`, as it was read from `view`, is refused.
Error claim_refused(const store::View& view, store::Task task);

// What claim() would refuse claims of the task with, on the board as `view` shows it; nothing: it is ready.
std::optional<Error> claim_obstacle(const store::View& view, const TaskId& id);
// Whether that concerns this claim: some ignore unmet dependencies.
bool stops(const Error& obstacle, const ClaimRequest& request);

}  // namespace baton::board
