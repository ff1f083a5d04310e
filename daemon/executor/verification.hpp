// The gate in its place: finds the command that judges the work, runs it in the worktree, and says what that does to
// the task.
//
// The judged runtime has no say in the command: it comes from the configuration or from the commit that the worktree
// was made from, unless the operator trusts the worktree (verify/resolve.hpp).
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "board/run.hpp"
#include "executor/services.hpp"
#include "handoff/prompt.hpp"
#include "reactor/task.hpp"
#include "verify/gate.hpp"
#include "verify/resolve.hpp"
#include "worktree/worktrees.hpp"

namespace baton::executor {

struct Judged {
  std::optional<std::string> verdict;  // "pass", "fail", "completed_with_debt"; nothing: no command, nothing was judged
  board::Settlement settlement;        // where the task goes, with the verdict and the comments that belong to it
  std::optional<handoff::FixNote> fix;  // with kFix: what the next attempt must know
};

class Verification {
 public:
  explicit Verification(Services& services) : services_(services) {}

  // `task` is in review. Errors are the system's (the gate could not be started); a red gate is a verdict.
  // `cancel` ends a running gate: kCancelled.
  reactor::Task<Result<Judged>> judge(store::Task task, worktree::Worktree worktree, std::stop_token cancel = {});

 private:
  reactor::Task<Result<verify::GateCommand>> find_command(worktree::Worktree worktree);
  Judged conclude(const store::Task& task, const verify::GateCommand& command, verify::GateRun gate) const;

  Services& services_;
};

}  // namespace baton::executor
