#include "executor/salvage.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "board/event_log.hpp"
#include "board/workspace.hpp"
#include "executor/await.hpp"
#include "executor/workspaces.hpp"
#include "reactor/timer.hpp"

namespace baton::executor {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kRowsAtOnce = 2000;  // of workspaces, between two turns of the loop: about 2 ms

bool newer(const SalvageEntry& a, const SalvageEntry& b) {
  const auto time = [](const SalvageEntry& entry) {
    return entry.kept.kept_ms > 0 ? entry.kept.kept_ms : entry.kept.committed_ms;
  };
  return time(a) > time(b);
}

}  // namespace

Salvage::Salvage(Services& services, BusyTasks& busy, SalvageRules rules)
    : services_(services), busy_(busy), rules_(rules), turn_(services.loop, 1) {}

reactor::Task<SalvageList> Salvage::list(SalvageFilter filter) {
  SalvageList found;
  std::vector<std::string> wanted;
  if (filter.repo_path) {
    wanted.push_back(*filter.repo_path);
  } else if (auto known = co_await repositories()) {
    wanted = *std::move(known);
  } else {
    found.failures.push_back({"", std::move(known.error())});
  }
  std::vector<std::string> seen;
  for (const auto& repo_path : wanted) {
    if (stopping_) break;
    co_await gather(repo_path, found, seen);
  }
  if (filter.task) std::erase_if(found.entries, [&](const auto& entry) { return entry.kept.task_id != *filter.task; });
  std::stable_sort(found.entries.begin(), found.entries.end(), newer);
  co_return found;
}

// In pieces: a board may have a million workspaces.
reactor::Task<Result<std::vector<std::string>>> Salvage::repositories() {
  std::set<std::string> paths;
  for (std::int64_t after = 0;;) {
    auto page = services_.board.read([&](const store::View& view) -> Result<store::RepositoryPage> {
      return view.workspaces.repositories(after, kRowsAtOnce);
    });
    if (!page) co_return fail(std::move(page));
    paths.insert(page->paths.begin(), page->paths.end());
    after = page->next;
    if (after == 0) break;
    co_await reactor::sleep_for(services_.loop, std::chrono::nanoseconds(0));
  }
  co_return std::vector<std::string>(paths.begin(), paths.end());
}

// Refs are those of the repository, which may be known under several paths; files lie beside the worktrees of each
// path.
reactor::Task<> Salvage::gather(std::string repo_path, SalvageList& into, std::vector<std::string>& seen) {
  auto& worktrees = services_.worktrees;
  auto files = co_await worktrees.salvaged_files(repo_path);
  if (!files) {
    into.failures.push_back({repo_path, std::move(files.error())});
    co_return;
  }
  for (auto& kept : *files) into.entries.push_back({repo_path, std::move(kept)});
  const auto repository = co_await worktrees.repository_of(repo_path);
  if (!repository) {
    into.failures.push_back({repo_path, repository.error()});
    co_return;
  }
  const auto common_dir = repository->common_dir.string();
  if (std::find(seen.begin(), seen.end(), common_dir) != seen.end()) co_return;
  seen.push_back(common_dir);
  auto commits = co_await worktrees.salvaged_commits(repo_path);
  if (!commits) {
    into.failures.push_back({repo_path, std::move(commits.error())});
    co_return;
  }
  for (auto& kept : *commits) into.entries.push_back({repo_path, std::move(kept)});
}

reactor::Task<Result<Restored>> Salvage::restore(SalvageRequest request) {
  auto& worktrees = services_.worktrees;
  const auto row = services_.board.read([&](const store::View& view) -> Result<std::optional<store::Workspace>> {
    return view.workspaces.newest_of(request.task_id);
  });
  if (!row) co_return fail(row.error());
  Restored restored;
  if (request.repo_path) {
    restored.repo_path = *request.repo_path;
  } else if (*row) {
    restored.repo_path = (*row)->repo_path;
  } else {
    co_return fail(Errc::kNotFound, "the task '" + request.task_id.value + "' has no workspace; name the repository",
                   "workspace_not_found");
  }
  if (worktrees.has_salvaged_files(restored.repo_path, request.task_id, request.n)) {
    const bool there = *row && (*row)->worktree_path && (*row)->repo_path == restored.repo_path;
    if (!there)
      co_return fail(Errc::kConflict, "files go back into the task's worktree; provision it first", "no_checkout");
    const auto held = busy_.hold(request.task_id, "the return of kept files");
    if (!held) co_return fail(held.error());
    auto files = co_await worktrees.restore_files(worktree_of(**row), request.n);
    if (!files) co_return fail(std::move(files));
    restored.files = *std::move(files);
  }
  if (request.branch.empty()) {
    request.branch = fmt::format("clawboo/salvage-{}-{}", request.task_id.value, request.n);
  }
  auto commit = co_await worktrees.restore_commit(restored.repo_path, request.task_id, request.n, request.branch);
  const bool none = !commit && commit.error().reason == "no_salvage" && restored.files;
  if (!commit && !none) co_return fail(std::move(commit));
  if (commit) {
    restored.branch = std::move(request.branch);
    restored.commit = *std::move(commit);
  }
  auto noted =
      co_await note(board::event::kSalvageRestored, request.task_id, request.n, restored.commit, restored.branch);
  if (!noted) co_return fail(std::move(noted));
  co_return restored;
}

bool Salvage::is_over(const SalvageEntry& entry, std::optional<milliseconds> older_than) const {
  const auto limit = older_than.value_or(rules_.keep);
  if (!older_than && limit.count() == 0) return false;
  const auto now = services_.clock.unix_ms();
  const auto kept = entry.kept.kept_ms > 0 ? entry.kept.kept_ms : now;
  return now - kept >= limit.count();
}

reactor::Task<SalvageList> Salvage::prune(std::optional<milliseconds> older_than) {
  const auto turn = co_await turn_.acquire();
  SalvageFilter all;
  auto found = co_await list(std::move(all));
  SalvageList forgotten;
  forgotten.failures = std::move(found.failures);
  std::uint64_t bytes = 0;
  for (auto& entry : found.entries) {  // the newest first, so the bytes of the oldest are too much
    if (stopping_) break;
    const bool over = is_over(entry, older_than);
    if (!over && entry.kept.is_files()) bytes += entry.kept.bytes;
    const bool too_much = entry.kept.is_files() && rules_.bytes > 0 && bytes > rules_.bytes;
    if (!over && !too_much) {
      if (entry.kept.kept_ms == 0) services_.worktrees.note_kept(entry.repo_path, entry.kept);
      continue;
    }
    if (!over) bytes -= entry.kept.bytes;
    co_await forget(std::move(entry), forgotten);
  }
  auto known = co_await repositories();
  for (std::size_t i = 0; known && i < known->size() && !stopping_; ++i) {
    co_await services_.worktrees.finish_forgetting((*known)[i], services_.clock.unix_ms());
  }
  co_return forgotten;
}

// Said before it is done: a commit can still be found by its id, when somebody knows that.
reactor::Task<> Salvage::forget(SalvageEntry entry, SalvageList& into) {
  const auto& kept = entry.kept;
  log::info("task {}: forgetting what was kept as {}: {}", kept.task_id.value, kept.n,
            kept.is_files() ? "files" : kept.commit);
  Result<Unit> gone;
  if (kept.is_files()) {
    gone = co_await services_.worktrees.forget_files(entry.repo_path, kept);
  } else {
    gone = co_await services_.worktrees.forget_commit(entry.repo_path, kept);
  }
  if (gone) gone = co_await note(board::event::kSalvagePruned, kept.task_id, kept.n, kept.commit, "");
  if (!gone) {
    into.failures.push_back({entry.repo_path, std::move(gone.error())});
  } else {
    into.entries.push_back(std::move(entry));
  }
}

reactor::Task<Result<Unit>> Salvage::note(std::string_view kind, TaskId task, int n, std::string commit,
                                          std::string branch) {
  const board::SalvageNote note{
      .task_id = std::move(task), .n = n, .commit = std::move(commit), .branch = std::move(branch)};
  const auto script = [kind, note](store::Tx& tx) { return board::note_salvage(tx, kind, note); };
  co_return co_await write(services_.loop, services_.board, script);
}

}  // namespace baton::executor
