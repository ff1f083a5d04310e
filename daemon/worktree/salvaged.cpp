// Looking at what was kept, bringing it back, and forgetting it.
#include "worktree/salvaged.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include <fmt/format.h>

#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "worktree/ending.hpp"
#include "worktree/merge_back.hpp"
#include "worktree/opened.hpp"
#include "worktree/salvage.hpp"
#include "worktree/small_file.hpp"
#include "worktree/worktrees.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kEndingKept = 7LL * 86'400'000;  // ms; a week later nobody repeats that completion
constexpr std::string_view kGoing = ".forgotten.";      // before the name of a set that is being deleted

std::int64_t written_ms(const fs::path& file) {
  struct stat facts {};
  if (::lstat(file.c_str(), &facts) != 0) return 0;
  return static_cast<std::int64_t>(facts.st_mtim.tv_sec) * 1000 + facts.st_mtim.tv_nsec / 1'000'000;
}

Error not_kept(const TaskId& task, int n) {
  return {Errc::kNotFound, fmt::format("nothing is kept as {}/{}", task.value, n), "no_salvage"};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

reactor::Task<Result<std::vector<Salvaged>>> Worktrees::salvaged_commits(fs::path repository) {
  const auto refs = co_await git_.described_refs(repository, std::string(kSalvageRefs));
  if (!refs) co_return fail(refs.error());
  std::vector<Salvaged> found;
  for (const auto& ref : *refs) {
    const auto name = name_in_ref(ref.name);
    const auto site = layout_.site(TaskId(name.task), repository);
    if (name.n == 0 || !site) continue;  // not one of ours
    found.push_back({.task_id = site->task_id,
                     .n = name.n,
                     .commit = ref.commit,
                     .subject = ref.subject,
                     .committed_ms = ref.committed_s * 1000,
                     .kept_ms = written_ms(salvage_time(*site, name.n))});
  }
  co_return found;
}

reactor::Task<Result<std::vector<Salvaged>>> Worktrees::salvaged_files(fs::path repository) {
  const auto folder = layout_.folder_of(repository);
  if (!folder) co_return fail(folder.error());
  const fs::path orphans = *folder / kOrphans;
  std::vector<Salvaged> found;
  std::vector<std::string> names;
  for (auto& file : names_in(orphans)) {
    auto name = name_in_file(file, "ignored");
    if (name.n == 0) continue;
    found.push_back({.task_id = TaskId(std::move(name.task)), .n = name.n, .kept_ms = written_ms(orphans / file)});
    names.push_back(std::move(file));
  }
  const auto sizes = co_await git_.disk_usage(orphans, names);
  if (!sizes) co_return fail(sizes.error());
  for (std::size_t i = 0; i < found.size(); ++i) found[i].bytes = (*sizes)[i];
  co_return found;
}

reactor::Task<Result<std::string>> Worktrees::restore_commit(fs::path repository, TaskId task, int n,
                                                             std::string branch) {
  const auto site = layout_.site(task, repository);
  if (!site) co_return fail(site.error());
  const auto refs = co_await git_.refs_below(site->repository, salvage_ref(task, n));
  if (!refs) co_return fail(refs.error());
  if (refs->size() != 1 || refs->front().name != salvage_ref(task, n)) co_return fail(not_kept(task, n));
  if (branch.starts_with('-') || branch == "HEAD")  // as git's own commands refuse them
    co_return fail(Errc::kUnprocessable, "'" + branch + "' cannot name a branch", "bad_branch");
  const auto there = co_await git_.find_branch(site->repository, branch);
  if (!there) co_return fail(there.error());
  if (there->has_value())
    co_return fail(Errc::kConflict, "there is a branch " + branch + " already; name another one", "branch_exists");
  const auto made = co_await git_.create_ref(site->repository, "refs/heads/" + branch, refs->front().commit);
  if (!made) co_return fail(made.error());
  co_return refs->front().commit;
}

bool Worktrees::has_salvaged_files(const fs::path& repository, const TaskId& task, int n) const {
  const auto site = layout_.site(task, repository);
  std::error_code error;
  return site && fs::is_directory(fs::symlink_status(salvage_set(*site, n), error));
}

reactor::Task<Result<RestoredFiles>> Worktrees::restore_files(Worktree worktree, int n) {
  const auto site = layout_.site_at(worktree.task_id, worktree.repository, worktree.path);
  if (!site) co_return fail(site.error());
  const auto alone = co_await locks_.lock(site->path.string());
  const auto opened = open_site(*site);
  if (!opened) co_return fail(opened.error());
  if (!has_salvaged_files(worktree.repository, worktree.task_id, n)) co_return fail(not_kept(worktree.task_id, n));
  co_return co_await merge_back(git_.loop(), salvage_set(*site, n), site->path);
}

// From here on it is gone for us; git still finds the commit by its id until its own collection. Since it was listed,
// somebody may have found that it keeps what he was about to delete: then it is young again.
reactor::Task<Result<Unit>> Worktrees::forget_commit(fs::path repository, Salvaged kept) {
  const auto site = layout_.site(kept.task_id, repository);
  if (!site) co_return fail(site.error());
  const auto repository_locked = co_await lock_repository(site->repository);
  if (!repository_locked) co_return fail(repository_locked.error());
  if (written_ms(salvage_time(*site, kept.n)) != kept.kept_ms)
    co_return fail(Errc::kConflict, salvage_ref(kept.task_id, kept.n) + " was needed again meanwhile", "kept_again");
  const auto deleted = co_await git_.delete_ref(site->repository, salvage_ref(kept.task_id, kept.n), kept.commit);
  if (!deleted) co_return fail(deleted.error());
  fault_point("prune.ref_deleted");
  std::error_code ignored;
  fs::remove(salvage_time(*site, kept.n), ignored);
  co_return Unit{};
}

void Worktrees::note_kept(const fs::path& repository, const Salvaged& kept) {
  const auto site = layout_.site(kept.task_id, repository);
  if (!site) return;
  std::error_code error;
  fs::create_directories(orphans_of(*site), error);
  static_cast<void>(put_file(salvage_time(*site, kept.n), ""));  // else the next look tries again
}

// Under another name first, so that what is half deleted is no set, and one that is deleted late is not a young one.
reactor::Task<Result<Unit>> Worktrees::forget_files(fs::path repository, Salvaged kept) {
  const auto site = layout_.site(kept.task_id, repository);
  if (!site) co_return fail(site.error());
  const auto alone = co_await locks_.lock(site->path.string());
  const fs::path set = salvage_set(*site, kept.n);
  const fs::path going = set.parent_path() / (std::string(kGoing) + set.filename().string());
  std::error_code error;
  if (!fs::exists(fs::symlink_status(going, error))) fs::rename(set, going, error);
  if (error) co_return fail(Errc::kIo, "cannot move " + set.string() + ": " + error.message());
  fault_point("prune.set_renamed");
  co_return co_await git_.remove_tree(going);
}

reactor::Task<> Worktrees::finish_forgetting(fs::path repository, std::int64_t now_ms) {
  const auto folder = layout_.folder_of(repository);
  if (!folder) co_return;
  const fs::path orphans = *folder / kOrphans;
  for (const auto& name : names_in(orphans)) {
    if (is_ending_file(name) && written_ms(orphans / name) < now_ms - kEndingKept) {
      std::error_code ignored;
      fs::remove(orphans / name, ignored);
    }
    if (!name.starts_with(kGoing)) continue;
    const auto removed = co_await git_.remove_tree(orphans / name);
    if (!removed) log::warn("{}", removed.error().what);
  }
}

}  // namespace baton::worktree
