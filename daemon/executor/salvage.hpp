// What was kept when something was removed, over all repositories that the board knows: a list, the way back, and its
// end. Where and how it is kept: worktree/salvage.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "executor/busy.hpp"
#include "executor/services.hpp"
#include "reactor/semaphore.hpp"
#include "reactor/task.hpp"

namespace baton::executor {

// Each limit: 0 is without.
struct SalvageRules {
  std::chrono::milliseconds keep{0};  // since it was kept
  std::uint64_t bytes = 0;            // of files; the oldest go first
};

struct SalvageEntry {
  std::string repo_path;
  worktree::Salvaged kept;
};

struct SalvageFailure {
  std::string repo_path;
  Error error;
};

struct SalvageList {
  std::vector<SalvageEntry> entries;  // the newest first
  std::vector<SalvageFailure> failures;
};

struct SalvageFilter {
  std::optional<TaskId> task = {};
  std::optional<std::string> repo_path = {};  // also one that the board does not know
};

struct SalvageRequest {
  TaskId task_id;
  int n = 0;
  std::string branch = {};                    // empty: clawboo/salvage-<task>-<n>
  std::optional<std::string> repo_path = {};  // nothing: that of the task's workspace
};

struct Restored {
  std::string repo_path;
  std::string branch = {}, commit = {};               // empty: no commit is kept under the number
  std::optional<worktree::RestoredFiles> files = {};  // nothing: no files are kept under it
};

class Salvage {
 public:
  Salvage(Services& services, BusyTasks& busy, SalvageRules rules);

  // A repository that cannot be read is a failure in the list; files that were kept of it are listed all the same.
  reactor::Task<SalvageList> list(SalvageFilter filter);

  // A branch from a commit; files into the task's worktree, which must be checked out and in nobody's use. kNotFound
  // "no_salvage", "workspace_not_found"; kConflict "branch_exists", "no_checkout", "busy".
  reactor::Task<Result<Restored>> restore(SalvageRequest request);

  // Forgets what is older, or what the rules say; then what is more than their bytes. What it forgot.
  reactor::Task<SalvageList> prune(std::optional<std::chrono::milliseconds> older_than = {});

  void stop() { stopping_ = true; }

 private:
  reactor::Task<Result<std::vector<std::string>>> repositories();
  reactor::Task<> gather(std::string repo_path, SalvageList& into, std::vector<std::string>& seen);
  reactor::Task<> forget(SalvageEntry entry, SalvageList& into);
  bool is_over(const SalvageEntry& entry, std::optional<std::chrono::milliseconds> older_than) const;
  reactor::Task<Result<Unit>> note(std::string_view kind, TaskId task, int n, std::string commit, std::string branch);

  Services& services_;
  BusyTasks& busy_;
  const SalvageRules rules_;
  reactor::Semaphore turn_;  // one prune at a time
  bool stopping_ = false;
};

}  // namespace baton::executor
