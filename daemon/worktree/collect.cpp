#include "worktree/collect.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "base/fault_point.hpp"
#include "git/checkout.hpp"
#include "reactor/timer.hpp"
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
  if (!marker || marker->task_id.value != path.filename().string()) return std::nullopt;
  std::error_code error;
  auto common_dir = fs::weakly_canonical(checkout->git_dir.parent_path().parent_path(), error);
  if (error) return std::nullopt;
  Found found;
  found.site = {marker->task_id, std::move(common_dir), path, branch_of(marker->task_id)};
  found.user_files = std::move(marker->user_files);
  for (const auto& file :
       {path, checkout->git_dir / "index", checkout->git_dir / "logs/HEAD", checkout->git_dir / "baton-task"})
    found.used_ms = std::max(found.used_ms, written_ms(file));
  found.half_removed = is_half_removed(*checkout);
  return found;
}

}  // namespace

reactor::Task<std::vector<Found>> Worktrees::find_ours() {
  std::vector<fs::path> paths;
  for (const auto& folder : directories_in(layout_.root(), kMostDirectories)) {
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
  auto opened = open_site(site);
  if (!opened) co_return fail(opened);
  const fs::path git_dir = opened->checkout.git_dir;
  Reaped reaped;
  bool gone = false;
  if (now->half_removed) {
    const auto finished = co_await finish_removal(git_, site, opened->checkout);
    if (!finished) co_return fail(finished.error());
    gone = *finished;
  }
  if (!gone) {
    PutAwayRequest whole{site, *opened, own_names(now->user_files), "clawboo: gc autosave task " + site.task_id.value,
                         rule(false)};
    auto away = co_await put_away(git_, locks_, std::move(whole));
    if (!away) co_return fail(away);
    reaped = {away->committed, std::move(away->head)};
  }
  fault_point("gc.put_away");
  std::error_code error;
  if (fs::exists(fs::symlink_status(site.path, error)) || fs::exists(fs::symlink_status(git_dir, error)))
    co_return fail(Errc::kInternal, "the worktree " + site.path.string() + " was removed but is still there",
                   "not_removed");
  co_return reaped;
}

}  // namespace baton::worktree
