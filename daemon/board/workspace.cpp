#include "board/workspace.hpp"

#include "base/text.hpp"
#include "board/event_log.hpp"
#include "board/read.hpp"

namespace baton::board {
namespace {

// The task and its workspace, for the scripts that change both.
struct Both {
  store::Task task;
  store::Workspace workspace;
};

Result<Both> find_both(const store::View& view, const TaskId& id) {
  auto task = find_task(view, id);
  if (!task) return fail(task);
  auto workspace = workspace_of(view, id);
  if (!workspace) return fail(workspace);
  return Both{*std::move(task), *std::move(workspace)};
}

}  // namespace

Result<store::Workspace> record_workspace(store::Tx& tx, const ProvisionedWorkspace& request) {
  auto task = find_task(tx, request.task_id);
  if (!task) return fail(task);
  auto known = tx.workspaces.newest_of(request.task_id);
  if (known && known->repo_path != request.repo_path) {
    // The task moves to another repository. What it left in the first one stays there, and stays known.
    known->status = store::WorkspaceStatus::kStale;
    tx.workspaces.save(*known);
    known.reset();
  }
  store::Workspace row = known.value_or(store::Workspace{});
  row.task_id = request.task_id;
  row.repo_path = request.repo_path;
  row.branch = request.branch;
  row.worktree_path = request.worktree_path;
  row.status = store::WorkspaceStatus::kActive;
  row.base_commit = request.base_commit;
  row.baseline_commit = request.baseline_commit;
  row.user_files = request.user_files;
  row.last_used_at = tx.now_ms;
  row.tenant_id = task->tenant_id;
  if (known) {
    tx.workspaces.save(row);
  } else {
    row.id = WorkspaceId(tx.ids.next());
    row.created_at = tx.now_ms;
    tx.workspaces.insert(row);
  }
  task->worktree_ref = row.worktree_path;
  task->branch_ref = row.branch;
  task->updated_at = tx.now_ms;
  tx.tasks.save(*task);
  append_event(tx, *task, event::kWorkspaceProvisioned, {}, [&](json::Writer& json) {
    json.field("workspaceId", row.id.value).field("branch", row.branch).field("baselineCommit", row.baseline_commit);
  });
  return row;
}

Result<Unit> note_paused(store::Tx& tx, const TaskId& task, bool committed, const std::string& head,
                         const std::vector<std::string>& dropped) {
  auto both = find_both(tx, task);
  if (!both) return fail(both);
  both->workspace.last_used_at = tx.now_ms;
  tx.workspaces.save(both->workspace);
  append_event(tx, both->task, event::kWorkspacePaused, {}, [&](json::Writer& json) {
    json.field("committed", committed).field("head", head);
    if (!dropped.empty()) json.field("ignoredDropped", dropped);
  });
  return Unit{};
}

Result<Unit> note_collected(store::Tx& tx, const CollectedWorkspace& collected) {
  const auto task = tx.tasks.find(collected.task_id);
  if (!task) return Unit{};
  auto row = tx.workspaces.newest_of(collected.task_id);
  const bool remembered = row && row->worktree_path == collected.worktree_path;
  if (remembered && row->status == store::WorkspaceStatus::kActive) {
    row->status = store::WorkspaceStatus::kStale;
    tx.workspaces.save(*row);
  }
  append_event(tx, *task, event::kWorkspaceCollected, {}, [&](json::Writer& json) {
    if (remembered) json.field("workspaceId", row->id.value);
    json.field("worktreePath", text::repaired_utf8(collected.worktree_path)).field("why", collected.why);
    json.field("committed", collected.committed).field("head", collected.head);
  });
  return Unit{};
}

Result<Unit> note_salvage(store::Tx& tx, std::string_view kind, const SalvageNote& note) {
  const auto task = tx.tasks.find(note.task_id);
  if (!task) return Unit{};
  append_event(tx, *task, kind, {}, [&](json::Writer& json) {
    json.field("n", note.n);
    if (!note.commit.empty()) json.field("commit", note.commit);
    if (!note.branch.empty()) json.field("branch", note.branch);
  });
  return Unit{};
}

Result<Unit> archive_workspace(store::Tx& tx, const TaskId& task) {
  auto both = find_both(tx, task);
  if (!both) return fail(both);
  both->workspace.status = store::WorkspaceStatus::kArchived;
  tx.workspaces.save(both->workspace);
  both->task.worktree_ref.reset();
  both->task.branch_ref.reset();
  both->task.updated_at = tx.now_ms;
  tx.tasks.save(both->task);
  append_event(tx, both->task, event::kWorkspaceCompleted, {},
               [&](json::Writer& json) { json.field("workspaceId", both->workspace.id.value).field("cleaned", true); });
  return Unit{};
}

Result<Unit> note_handoff(store::Tx& tx, const TaskId& task, const std::string& from, const std::string& runtime) {
  const auto row = find_task(tx, task);
  if (!row) return fail(row.error());
  append_event(tx, *row, event::kHandoffWritten, {from, runtime},
               [&](json::Writer& json) { json.field("handoffFrom", from).field("runtime", runtime); });
  return Unit{};
}

Result<store::Workspace> workspace_of(const store::View& view, const TaskId& task) {
  auto workspace = view.workspaces.newest_of(task);
  if (!workspace)
    return fail(Errc::kNotFound, "task '" + text::shortened(task.value) + "' has no workspace", "workspace_not_found");
  return *std::move(workspace);
}

}  // namespace baton::board
