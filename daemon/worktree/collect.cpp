#include "worktree/collect.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "git/checkout.hpp"
#include "reactor/timer.hpp"
#include "worktree/leaving.hpp"
#include "worktree/marker.hpp"
#include "worktree/opened.hpp"
#include "worktree/put_away.hpp"
#include "worktree/removal.hpp"
#include "worktree/worktrees.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostDirectories = 10'000;  // looked at in one go; what is beyond is found when these are gone
constexpr std::size_t kSlice = 16;                // of them between two turns of the loop: a few small files each

std::int64_t written_ms(const fs::path& file) {
  struct stat facts {};
  if (::lstat(file.c_str(), &facts) != 0) return 0;
  return static_cast<std::int64_t>(facts.st_mtim.tv_sec) * 1000 + facts.st_mtim.tv_nsec / 1'000'000;
}

std::vector<fs::path> directories_in(const fs::path& folder, std::size_t most) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const bool is_directory = fs::is_directory(entry->symlink_status(error));
    if (is_directory && is_safe_id(entry->path().filename().string())) found.push_back(entry->path());
    if (found.size() >= most) break;
  }
  return found;
}

std::optional<Found> examine(const fs::path& path) {
  const auto checkout = git::open_checkout(path);
  if (!checkout) return std::nullopt;
  auto marker = read_marker(*checkout);
  Found found;
  found.half_made = is_half_made(*checkout);
  if (!marker && found.half_made) marker.emplace().task_id = TaskId(path.filename().string());
  if (!marker || marker->task_id.value != path.filename().string()) return std::nullopt;
  std::error_code error;
  auto common_dir = fs::weakly_canonical(checkout->git_dir.parent_path().parent_path(), error);
  if (error) return std::nullopt;
  found.site = {marker->task_id, std::move(common_dir), path, branch_of(marker->task_id)};
  found.user_files = std::move(marker->user_files);
  for (const auto& file :
       {path, checkout->git_dir / "index", checkout->git_dir / "logs/HEAD", checkout->git_dir / "baton-task"})
    found.used_ms = std::max(found.used_ms, written_ms(file));
  return found;
}

// It never was anybody's. Its branch stays: what is on it was there before, or is our scaffold.
reactor::Task<Result<Reaped>> reap_half_made(git::Git& git, KeyedMutex& locks, Site site) {
  const auto checkout = git::open_checkout(site.path);
  if (!checkout) co_return fail(Errc::kConflict, site.path.string() + " is no worktree of ours any more", "not_ours");
  const auto repository = co_await locks.lock(site.repository.string());
  const auto removed = co_await remove_half_made(git, site, *checkout);
  if (!removed) co_return fail(removed.error());
  const auto branch = co_await git.find_branch(site.repository, site.branch);
  Reaped reaped;
  if (branch && branch->has_value()) reaped.head = (*branch)->tip;
  co_return reaped;
}

}  // namespace

reactor::Task<std::vector<Found>> Worktrees::find_ours() {
  std::vector<fs::path> paths;
  for (const auto& folder : directories_in(layout_.root(), kMostDirectories)) {
    for (const auto& task : tasks_leaving(folder / kOrphans, kMostDirectories)) co_await settle_leaving(folder, task);
    auto below = directories_in(folder, kMostDirectories - paths.size());
    paths.insert(paths.end(), below.begin(), below.end());
  }
  std::vector<Found> found;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (auto one = examine(paths[i])) found.push_back(std::move(*one));
    if (i % kSlice == kSlice - 1) co_await reactor::sleep_for(git_.loop(), std::chrono::nanoseconds(0));
  }
  co_return found;
}

reactor::Task<> Worktrees::settle_leaving(fs::path folder, TaskId task) {
  const Site site{task, {}, folder / task.value, branch_of(task)};
  const auto alone = co_await locks_.lock(site.path.string());
  if (const auto back = move_back(site); !back) log::warn("task {}: {}", task.value, back.error().what);
  co_await finish_removals(git_, locks_, site);
}

reactor::Task<Result<std::uint64_t>> Worktrees::bytes_of(fs::path checkout) {
  const std::vector<std::string> whole{"."};
  const auto sizes = co_await git_.disk_usage(std::move(checkout), whole);
  if (!sizes) co_return fail(sizes.error());
  co_return sizes->front();
}

reactor::Task<Result<Reaped>> Worktrees::reap(Found found, StillIdle still_idle) {
  const Site& site = found.site;
  const auto alone = co_await locks_.lock(site.path.string());
  const auto now = examine(site.path);
  if (!now || now->site.repository != site.repository)
    co_return fail(Errc::kConflict, site.path.string() + " is no worktree of ours any more", "not_ours");
  if (!still_idle()) co_return fail(Errc::kConflict, "task " + site.task_id.value + " is being worked on", "active");
  fault_point("gc.locked");
  if (now->half_made != found.half_made)
    co_return fail(Errc::kConflict, "the worktree of task " + site.task_id.value + " was just made", "active");
  if (now->half_made) co_return co_await reap_half_made(git_, locks_, site);
  auto opened = open_site(site);
  if (!opened) co_return fail(opened);
  const fs::path git_dir = opened->checkout.git_dir;
  PutAwayRequest whole{site, *opened, own_names(now->user_files), "clawboo: gc autosave task " + site.task_id.value,
                       rule(false)};
  auto away = co_await put_away(git_, locks_, std::move(whole));
  if (!away) co_return fail(away);
  fault_point("gc.put_away");
  std::error_code error;
  if (fs::exists(fs::symlink_status(site.path, error)) || fs::exists(fs::symlink_status(git_dir, error)))
    co_return fail(Errc::kInternal, "the worktree " + site.path.string() + " was removed but is still there",
                   "not_removed");
  co_return Reaped{away->committed, std::move(away->head)};
}

}  // namespace baton::worktree
