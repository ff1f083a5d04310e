#include "executor/workspaces.hpp"

#include <algorithm>
#include <filesystem>

#include "base/fault_point.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "board/edit.hpp"
#include "board/judgement.hpp"
#include "board/own.hpp"
#include "board/read.hpp"
#include "board/run.hpp"
#include "board/status.hpp"
#include "executor/await.hpp"
#include "executor/free_space.hpp"
#include "executor/isolation.hpp"
#include "handoff/files.hpp"
#include "handoff/scaffold.hpp"
#include "handoff/sor_files.hpp"

namespace baton::executor {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWork = "work on its worktree";

std::string to_json_list(const std::vector<std::string>& names) {
  std::string text;
  json::Writer(text).value(names);
  return text;
}

std::vector<std::string> from_json_list(const std::string& text) {
  std::vector<std::string> names;
  const auto document = json::Document::parse(text);
  if (!document || !document->root().is_array()) return names;
  for (const json::Value name : simdjson::dom::array(document->root())) {
    std::string_view one;
    if (!name.get(one)) names.emplace_back(one);
  }
  return names;
}

handoff::TaskBrief brief_of(const store::Task& task) {
  handoff::TaskBrief brief;
  brief.id = task.id.value;
  brief.title = task.title;
  brief.description = task.description.value_or("");
  brief.team = task.team_id.value_or("");
  return brief;
}

board::ProvisionedWorkspace row_for(const worktree::Worktree& worktree) {
  return {.task_id = worktree.task_id,
          .repo_path = worktree.repository.string(),
          .branch = worktree.branch,
          .worktree_path = worktree.path.string(),
          .base_commit = worktree.base_commit,
          .baseline_commit = worktree.baseline_commit,
          .user_files = to_json_list(worktree.user_files)};
}

std::vector<std::string> names_of(const std::vector<worktree::SizedPath>& paths) {
  std::vector<std::string> names;
  for (const auto& [path, bytes] : paths) names.push_back(text::repaired_utf8(path));
  return names;
}

Error no_checkout() {
  return {Errc::kConflict, "the task's worktree is not checked out; provision it first", "no_checkout"};
}

// What an owner may work on. A fence that is good here may be over after the next suspension.
Result<store::Task> task_at(const store::View& view, const TaskId& id, const Fence& fence) {
  auto task = board::find_task(view, id);
  if (!task) return task;
  if (auto current = board::check_fence(*task, fence); !current) return fail(std::move(current));
  return task;
}

Result<store::Task> task_at(board::Board& board, const TaskId& id, const Fence& fence) {
  return board.read([&](const store::View& view) { return task_at(view, id, fence); });
}

Result<store::Workspace> workspace_at(board::Board& board, const TaskId& id, const Fence& fence) {
  return board.read([&](const store::View& view) -> Result<store::Workspace> {
    auto row = board::workspace_of(view, id);
    if (!row) return row;
    if (auto task = task_at(view, id, fence); !task) return fail(std::move(task));
    return row;
  });
}

// Writes down what happened on disk, whoever owns the task by now, and tells a caller who has lost it.
template <class Note>
reactor::Task<Result<Unit>> note_at(Services& services, TaskId id, Fence fence, Note note) {
  const auto script = [id, fence, note](store::Tx& tx) -> Result<std::optional<Error>> {
    if (auto noted = note(tx); !noted) return fail(std::move(noted));
    const auto task = board::find_task(tx, id);
    if (!task) return fail(task.error());
    if (auto current = board::check_fence(*task, fence); !current) return std::optional<Error>(current.error());
    return std::optional<Error>();
  };
  auto noted = co_await write(services.loop, services.board, script);
  if (!noted) co_return fail(std::move(noted));
  if (*noted) co_return fail(**std::move(noted));
  co_return Unit{};
}

}  // namespace

worktree::Worktree worktree_of(const store::Workspace& row) {
  return {.task_id = row.task_id,
          .repository = row.repo_path,
          .path = row.worktree_path.value_or(""),
          .branch = row.branch.value_or(""),
          .base_commit = row.base_commit.value_or(""),
          .baseline_commit = row.baseline_commit.value_or(""),
          .user_files = from_json_list(row.user_files)};
}

Workspaces::Workspaces(Services& services, Verification& verification, BusyTasks& busy)
    : services_(services), verification_(verification), busy_(busy) {}

reactor::Task<Result<ReadyWorkspace>> Workspaces::provision(WorkspaceRequest request) {
  const auto task =
      services_.board.read([&](const store::View& view) { return board::find_task(view, request.task_id); });
  if (!task) co_return fail(task.error());
  if (!needs_worktree(request.kind)) {
    co_return fail(Errc::kUnprocessable, "work of the kind '" + request.kind + "' gets no worktree", "no_isolation");
  }
  const auto held = busy_.hold(request.task_id, kWork);
  if (!held) co_return fail(held.error());
  co_return co_await provision_held(std::move(request));
}

reactor::Task<Result<ReadyWorkspace>> Workspaces::provision_held(WorkspaceRequest request) {
  const auto task =
      services_.board.read([&](const store::View& view) { return board::find_task(view, request.task_id); });
  if (!task) co_return fail(task.error());
  const auto known = services_.board.read([&](const store::View& view) -> Result<std::optional<store::Workspace>> {
    return view.workspaces.newest_of(request.task_id);
  });
  if (!known) co_return fail(known.error());
  auto made = co_await make(std::move(request), *task, *known);
  if (!made) co_return fail(std::move(made));
  const auto script = [row = row_for(*made)](store::Tx& tx) { return board::record_workspace(tx, row); };
  auto recorded = co_await write(services_.loop, services_.board, script);
  if (!recorded) co_return fail(std::move(recorded));
  const bool detached = services_.worktrees.is_detached(made->path);
  co_return ReadyWorkspace{*std::move(made), *std::move(recorded), detached};
}

reactor::Task<Result<worktree::Worktree>> Workspaces::make(WorkspaceRequest request, store::Task task,
                                                           std::optional<store::Workspace> known) {
  auto& worktrees = services_.worktrees;
  // A stale one was collected: its branch was kept, as by a pause.
  const bool live = known && known->status != store::WorkspaceStatus::kArchived && known->worktree_path;
  const fs::path asked = request.repo_path.empty() && known ? known->repo_path : request.repo_path;
  if (live && fs::path(known->repo_path) == asked) {
    const bool damaged = worktrees.is_damaged(*known->worktree_path);  // then resume() says what is wrong
    if (!damaged && co_await worktrees.is_usable(known->repo_path, *known->worktree_path))
      co_return worktree_of(*known);
    if (auto room = check_room(known->repo_path); !room) co_return fail(std::move(room));
    auto resumed = co_await worktrees.resume(worktree_of(*known));
    if (resumed || resumed.error().reason != "branch_gone") co_return resumed;
    log::warn("task {}: its branch is gone, making a new worktree", task.id.value);
  }
  if (auto room = check_room(asked.string()); !room) co_return fail(std::move(room));
  worktree::ProvisionRequest provision;
  provision.task_id = task.id;
  provision.repository = asked;
  provision.base = request.base;
  provision.scaffold = handoff::scaffold(brief_of(task));
  provision.is_scaffold = handoff::is_scaffold;
  co_return co_await worktrees.provision(std::move(provision));
}

Result<Unit> Workspaces::check_room(const std::string& repo_path) const {
  const auto floor = services_.settings.free_floor_bytes;
  auto room = check_free(services_.worktrees.root(), floor);
  if (room && fs::path(repo_path).is_absolute()) room = check_free(repo_path, floor);
  if (!room && services_.on_disk_pressure) services_.on_disk_pressure();
  return room;
}

Result<WorkspaceView> Workspaces::view(const TaskId& task) {
  auto row = services_.board.read([&](const store::View& view) { return board::workspace_of(view, task); });
  if (!row) return fail(row);
  WorkspaceView found{*std::move(row), {}, {}};
  if (!found.row.worktree_path) return found;
  found.resume = handoff::reconstruct_state(*found.row.worktree_path);
  if (auto handoff = handoff::read_handoff(*found.row.worktree_path)) found.handoff = *std::move(handoff);
  return found;
}

reactor::Task<Result<WorkspaceDetail>> Workspaces::detail(TaskId task) {
  auto row = services_.board.read([&](const store::View& view) { return board::workspace_of(view, task); });
  if (!row) co_return fail(std::move(row));
  WorkspaceDetail detail;
  detail.row = *std::move(row);
  const auto worktree = worktree_of(detail.row);
  if (worktree.path.empty() || !co_await services_.worktrees.is_usable(worktree.repository, worktree.path)) {
    co_return detail;
  }
  for (const auto name : handoff::kSorFiles) {
    if (auto text = handoff::read_file(worktree.path, name)) detail.sor_files.emplace(name, *std::move(text));
  }
  auto stat = co_await services_.worktrees.diff_stat(worktree);
  if (!stat) co_return fail(std::move(stat));
  detail.diff_stat = *stat;
  auto diff = co_await services_.worktrees.diff(worktree);
  if (!diff) co_return fail(std::move(diff));
  detail.diff = *std::move(diff);
  co_return detail;
}

reactor::Task<Result<Unit>> Workspaces::write_handoff(TaskId task, handoff::Handoff handoff, Fence fence) {
  const auto row = workspace_at(services_.board, task, fence);
  if (!row) co_return fail(row.error());
  const auto worktree = worktree_of(*row);
  if (worktree.path.empty() || !co_await services_.worktrees.is_usable(worktree.repository, worktree.path)) {
    co_return fail(no_checkout());
  }
  if (auto current = task_at(services_.board, task, fence); !current) co_return fail(std::move(current));
  const auto& theirs = worktree.user_files;
  if (std::find(theirs.begin(), theirs.end(), handoff::kHandoffFile) != theirs.end())
    co_return fail(Errc::kConflict, "the repository has a file AGENT_HANDOFF.json of its own", "user_file");
  // Beside a run it is welcome; a checkout that is being made or taken away would lose it. What begins from here on
  // waits for the write.
  if (busy_.holder(task) == kWork) co_return fail(Errc::kConflict, "work on its worktree is going on", "busy");
  auto written =
      co_await services_.worktrees.write_file(worktree, std::string(handoff::kHandoffFile), render_handoff(handoff));
  if (!written) co_return fail(std::move(written));
  const auto note = [task, from = handoff.handoff_from, runtime = handoff.runtime](store::Tx& tx) {
    return board::note_handoff(tx, task, from, runtime);
  };
  co_return co_await note_at(services_, task, fence, note);
}

reactor::Task<Result<worktree::Paused>> Workspaces::pause(TaskId task, Fence fence, bool force) {
  const auto row = workspace_at(services_.board, task, fence);
  if (!row) co_return fail(row.error());
  const auto held = busy_.hold(task, kWork);
  if (!held) co_return fail(held.error());
  if (row->status != store::WorkspaceStatus::kActive) co_return fail(no_checkout());
  auto paused = co_await services_.worktrees.pause(worktree_of(*row), force);
  if (!paused) co_return fail(std::move(paused));
  const auto note = [task, committed = paused->committed, head = paused->head, dropped = names_of(paused->dropped)](
                        store::Tx& tx) { return board::note_paused(tx, task, committed, head, dropped); };
  auto noted = co_await note_at(services_, task, fence, note);
  if (!noted) co_return fail(std::move(noted));
  fault_point("pause.noted");
  co_return paused;
}

reactor::Task<Result<CompletedWorkspace>> Workspaces::complete(TaskId id, Fence fence, bool force) {
  const auto row = workspace_at(services_.board, id, fence);
  if (!row) co_return fail(row.error());
  const auto held = busy_.hold(id, kWork);
  if (!held) co_return fail(held.error());
  const auto worktree = worktree_of(*row);
  if (worktree.path.empty() || row->status != store::WorkspaceStatus::kActive) co_return fail(no_checkout());
  const auto task = task_at(services_.board, id, fence);
  if (!task) co_return fail(task.error());
  auto completed = co_await finish(worktree, board::is_locked(task->status), force);
  if (!completed) co_return fail(std::move(completed));
  if (completed->cleaned) co_return co_await clean_up(*task, *completed, fence);
  co_return co_await judge(*task, worktree, *completed, fence);
}

// The contract removes the tree of an empty diff whatever the task's status; a task that cannot become done keeps it
// here.
reactor::Task<Result<worktree::Completed>> Workspaces::finish(worktree::Worktree worktree, bool may_be_done,
                                                              bool force) {
  auto& worktrees = services_.worktrees;
  if (may_be_done) {
    auto completed = co_await worktrees.complete(std::move(worktree), force);
    if (!completed && completed.error().reason == "wrong_path") co_return fail(no_checkout());
    co_return completed;
  }
  if (!co_await worktrees.is_usable(worktree.repository, worktree.path)) co_return fail(no_checkout());
  const auto stat = co_await worktrees.diff_stat(std::move(worktree));
  if (!stat) co_return fail(stat.error());
  worktree::Completed measured;
  measured.diff = *stat;
  co_return measured;
}

reactor::Task<Result<CompletedWorkspace>> Workspaces::clean_up(store::Task task, worktree::Completed complete,
                                                               Fence fence) {
  const board::Settlement settlement{
      .after = board::AfterWork::kDone, .reason = "nothing was changed", .archive_workspace = true};
  const auto script = [id = task.id, fence = task.fence, settlement](store::Tx& tx) {
    return board::settle_task(tx, id, fence, settlement);
  };
  auto settled = co_await write(services_.loop, services_.board, script);
  if (!settled) co_return fail(std::move(settled));
  if (settled->late) {
    if (auto current = board::check_fence(settled->task, fence); !current) co_return fail(std::move(current));
  }
  co_return CompletedWorkspace{complete, settled->task.status, std::nullopt};
}

reactor::Task<Result<CompletedWorkspace>> Workspaces::judge(store::Task task, worktree::Worktree worktree,
                                                            worktree::Completed complete, Fence fence) {
  const auto to_review = [id = task.id, fence = task.fence](store::Tx& tx) {
    return board::begin_judgement(tx, id, fence);
  };
  auto reviewed = co_await write(services_.loop, services_.board, to_review);
  if (!reviewed) {
    const bool lost = fence && reviewed.error().reason == "stale_fence";
    if (lost || reviewed.error().code != Errc::kConflict) co_return fail(std::move(reviewed));
    co_return CompletedWorkspace{complete, task.status, std::nullopt};  // contract §1.7: not in a state to be judged
  }
  auto head = co_await services_.worktrees.checkpoint(worktree);  // what is judged is what the branch keeps
  if (!head) co_return fail(co_await back_to_work(std::move(task), std::move(head.error())));
  auto judged = co_await verification_.judge(*reviewed, worktree, stop_.get_token());
  const auto alive = services_.undead(task.id);  // the gate left it
  if (!judged && !alive) co_return fail(co_await back_to_work(std::move(task), std::move(judged.error())));
  if (!judged) co_return fail(co_await block(std::move(task), *alive, std::move(judged.error())));
  if (alive) judged->settlement = board::blocked_by_undead(*alive, std::move(judged->settlement));
  const auto settle = [id = task.id, fence = task.fence, settlement = judged->settlement](store::Tx& tx) {
    return board::end_judgement(tx, id, fence, settlement);
  };
  auto settled = co_await write(services_.loop, services_.board, settle);
  if (!settled) co_return fail(co_await back_to_work(std::move(task), std::move(settled.error())));
  if (settled->late) {
    if (auto current = board::check_fence(settled->task, fence); !current) co_return fail(std::move(current));
  }
  co_return CompletedWorkspace{complete, settled->task.status, judged->verdict};
}

// Nothing was judged, and what the gate left lives on.
reactor::Task<Error> Workspaces::block(store::Task task, std::string alive, Error error) {
  const auto blocked = board::blocked_by_undead(alive);
  const auto script = [id = task.id, fence = task.fence, blocked](store::Tx& tx) {
    return board::end_judgement(tx, id, fence, blocked);
  };
  auto moved = co_await write(services_.loop, services_.board, script);
  if (!moved) log::warn("task {}: it cannot be blocked: {}", task.id.value, moved.error().what);
  if (error.code == Errc::kCancelled) co_return Error{Errc::kUnavailable, "the daemon is stopping", "stopping"};
  co_return error;
}

// Nothing was judged: the task, given as it was before, is there again, and the caller may ask once more.
reactor::Task<Error> Workspaces::back_to_work(store::Task task, Error error) {
  const bool in_review = task.status == store::TaskStatus::kInReview;
  const board::Settlement unjudged{.after = in_review ? board::AfterWork::kReview : board::AfterWork::kFix,
                                   .reason = "verification could not run"};
  const auto back = [id = task.id, fence = task.fence, unjudged](store::Tx& tx) {
    return board::end_judgement(tx, id, fence, unjudged);
  };
  auto moved = co_await write(services_.loop, services_.board, back);
  if (!moved) {
    log::warn("task {}: it stays in review until it is completed again, or the next start: {}", task.id.value,
              moved.error().what);
  }
  if (error.code == Errc::kCancelled) co_return Error{Errc::kUnavailable, "the daemon is stopping", "stopping"};
  co_return error;
}

}  // namespace baton::executor
