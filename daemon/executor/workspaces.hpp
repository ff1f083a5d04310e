// A task's workspace: the board's row and the worktree on disk, changed together. For people and tools over the API,
// and for runs.
//
// What is done to one task's tree is exclusive (busy.hpp): a pause while a run works there is refused with kConflict
// "busy".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "board/workspace.hpp"
#include "executor/busy.hpp"
#include "executor/services.hpp"
#include "executor/verification.hpp"
#include "handoff/handoff.hpp"
#include "handoff/resume_state.hpp"
#include "reactor/task.hpp"
#include "worktree/worktrees.hpp"

namespace baton::executor {

struct WorkspaceRequest {
  TaskId task_id;
  std::string repo_path;
  std::string base;  // a commit or ref; empty: HEAD
  std::string kind = "code";
};

struct ReadyWorkspace {
  worktree::Worktree worktree;
  store::Workspace row;
  bool detached = false;  // whoever works there left the task's branch
};

struct WorkspaceView {
  store::Workspace row;
  handoff::ResumeState resume;
  std::optional<handoff::Handoff> handoff;
};

struct WorkspaceDetail {
  store::Workspace row;
  std::map<std::string, std::string> sor_files;  // name -> text, of those that are there
  std::optional<worktree::DiffStat> diff_stat;
  std::string diff;
};

struct CompletedWorkspace {
  worktree::Completed complete;
  store::TaskStatus task_status = store::TaskStatus::kTodo;
  std::optional<std::string> verified;  // "pass", "fail", "completed_with_debt"; nothing: the gate did not run
};

// The ownership that a caller acts for (board/own.hpp). Given: kConflict "stale_fence" unless it is the task's current
// one, before anything is done and again when what was done is written down.
using Fence = std::optional<std::int64_t>;

class Workspaces {
 public:
  Workspaces(Services& services, Verification& verification, BusyTasks& busy);

  // A worktree for the task: the one it has, the one it had (its branch was kept), or a new one. kNotFound;
  // kUnprocessable "no_isolation", "not_a_repository", "bad_ref", ….
  reactor::Task<Result<ReadyWorkspace>> provision(WorkspaceRequest request);

  // The same for a caller that holds the task already (a run).
  reactor::Task<Result<ReadyWorkspace>> provision_held(WorkspaceRequest request);

  // Whether anything new may be begun for a repository (empty: without one); else whoever makes room is told. kNoSpace
  // "disk_pressure".
  Result<Unit> check_room(const std::string& repo_path) const;

  // The cold-resume read: row and files alone. kNotFound "workspace_not_found".
  Result<WorkspaceView> view(const TaskId& task);
  reactor::Task<Result<WorkspaceDetail>> detail(TaskId task);

  // kNotFound; kConflict "no_checkout" while it is paused or gone.
  reactor::Task<Result<Unit>> write_handoff(TaskId task, handoff::Handoff handoff, Fence fence = {});

  // Commits, removes the checkout, keeps the branch; the task's status stays. kNotFound, kConflict "busy",
  // "ignored_files" unless `force` (worktree/ignored.hpp).
  reactor::Task<Result<worktree::Paused>> pause(TaskId task, Fence fence = {}, bool force = false);

  // The daemon is going down: ends a running verification.
  void stop() { stop_.request_stop(); }

  // The work is said to be finished: an empty diff is done and cleaned up; otherwise the gate judges it. With `force`
  // ignored files do not make it anything else than empty.
  reactor::Task<Result<CompletedWorkspace>> complete(TaskId task, Fence fence = {}, bool force = false);

 private:
  reactor::Task<Result<worktree::Worktree>> make(WorkspaceRequest request, store::Task task,
                                                 std::optional<store::Workspace> known);
  reactor::Task<Result<worktree::Completed>> finish(worktree::Worktree worktree, bool may_be_done, bool force);
  reactor::Task<Result<CompletedWorkspace>> judge(store::Task task, worktree::Worktree worktree,
                                                  worktree::Completed complete, Fence fence);
  reactor::Task<Error> block(store::Task task, std::string alive, Error error);
  reactor::Task<Error> back_to_work(store::Task task, Error error);
  reactor::Task<Result<CompletedWorkspace>> clean_up(store::Task task, worktree::Completed complete, Fence fence);

  Services& services_;
  Verification& verification_;
  BusyTasks& busy_;
  std::stop_source stop_;
};

// The worktree that a row remembers. The row has a path (it was provisioned).
worktree::Worktree worktree_of(const store::Workspace& row);

}  // namespace baton::executor
