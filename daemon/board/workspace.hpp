// Where a task's files are: the row that remembers its worktree. The newest row of a task is the one that counts.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct ProvisionedWorkspace {
  TaskId task_id = {};
  std::string repo_path = {};
  std::string branch = {};
  std::string worktree_path = {};
  std::string base_commit = {};      // what it was made from
  std::string baseline_commit = {};  // the scaffold commit, what diffs are measured against
  std::string user_files = "[]";
};

// Remembers a worktree that was provisioned or re-attached. The task's row is reused and says where the worktree really
// is now; another repository gets a row of its own, and the old one becomes stale. kNotFound: the task.
Result<store::Workspace> record_workspace(store::Tx& tx, const ProvisionedWorkspace& request);

// The checkout is gone, the branch is kept. `committed`: uncommitted work was found and committed. kNotFound.
Result<Unit> note_paused(store::Tx& tx, const TaskId& task, bool committed, const std::string& head);

// The worktree and its branch are gone: nothing was left to keep. kNotFound.
Result<Unit> archive_workspace(store::Tx& tx, const TaskId& task);

Result<Unit> note_handoff(store::Tx& tx, const TaskId& task, const std::string& from, const std::string& runtime);

// kNotFound "workspace_not_found", also when the task is not there.
Result<store::Workspace> workspace_of(const store::View& view, const TaskId& task);

}  // namespace baton::board
