// Where a task's files are: the row that remembers its worktree. The newest row of a task is the one that counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// The checkout is gone, the branch is kept. `committed`: uncommitted work was found and committed. `dropped`: ignored
// files that went with it, by force. kNotFound.
Result<Unit> note_paused(store::Tx& tx, const TaskId& task, bool committed, const std::string& head,
                         const std::vector<std::string>& dropped = {});

// A checkout that was collected: the row that remembers it becomes stale, the task stays as it is. Nothing happens for
// a task that is not there.
struct CollectedWorkspace {
  TaskId task_id = {};
  std::string worktree_path = {};
  std::string why = {};  // "age", "count", "bytes", "free_space", "interrupted"
  std::string head = {};
  bool committed = false;
};
Result<Unit> note_collected(store::Tx& tx, const CollectedWorkspace& collected);

// Something salvaged was brought back or forgotten. `commit` is empty for files. Nothing happens for a task that is not
// there.
struct SalvageNote {
  TaskId task_id = {};
  std::int64_t n = 0;
  std::string commit = {};
  std::string branch = {};  // restored only
};
Result<Unit> note_salvage(store::Tx& tx, std::string_view kind, const SalvageNote& note);

// The worktree and its branch are gone: nothing was left to keep. kNotFound.
Result<Unit> archive_workspace(store::Tx& tx, const TaskId& task);

Result<Unit> note_handoff(store::Tx& tx, const TaskId& task, const std::string& from, const std::string& runtime);

// kNotFound "workspace_not_found", also when the task is not there.
Result<store::Workspace> workspace_of(const store::View& view, const TaskId& task);

}  // namespace baton::board
