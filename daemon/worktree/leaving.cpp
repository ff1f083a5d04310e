#include "worktree/leaving.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLeaving = ".leaving.";
constexpr std::string_view kRemoving = ".removing.";

bool is_anything(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

Error cannot_move(const fs::path& from, const fs::path& to, const std::error_code& error) {
  return {Errc::kConflict,
          "the worktree is not removed: cannot move " + from.string() + " to " + to.string() + ": " + error.message(),
          "not_removed"};
}

// The task in a name of ours, empty for any other.
std::string task_in(std::string_view name) {
  std::string_view task;
  if (name.starts_with(kLeaving)) task = name.substr(kLeaving.size());
  if (name.starts_with(kRemoving)) {
    task = name.substr(kRemoving.size());
    task = task.substr(0, std::min(task.rfind('.'), task.size()));
  }
  return is_safe_id(task) ? std::string(task) : std::string();
}

std::vector<fs::path> condemned_of(const Site& site) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(orphans_of(site), error), end; !error && entry != end; entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (name.starts_with(kRemoving) && task_in(name) == site.task_id.value) found.push_back(entry->path());
  }
  return found;
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code error;
  const auto left = fs::weakly_canonical(a, error);
  return !error && left == fs::weakly_canonical(b, error) && !error;
}

// The private administration of a condemned tree that is still registered at its old place; empty: there is none.
fs::path registration_of(const Site& site, const fs::path& tree) {
  constexpr std::string_view kPointer = "gitdir: ";
  const auto pointer = small_file(tree / ".git").value_or("");
  if (!pointer.starts_with(kPointer) || is_anything(site.path)) return {};
  fs::path git_dir(text::trimmed(std::string_view(pointer).substr(kPointer.size())));
  const auto back = small_file(git_dir / "gitdir");
  if (!back || !same_file(text::trimmed(*back), site.path / ".git")) return {};
  return git_dir;
}

}  // namespace

fs::path leaving_place(const Site& site) { return orphans_of(site) / (std::string(kLeaving) + site.task_id.value); }

Result<Unit> move_out(const Site& site) {
  const fs::path to = leaving_place(site);
  std::error_code error;
  fs::create_directories(orphans_of(site), error);
  if (!error) fs::rename(site.path, to, error);  // never over what is there, unless that is empty
  if (error == std::errc::permission_denied) {   // a directory that its owner may not write cannot change its parent
    fs::permissions(site.path, fs::perms::owner_all, fs::perm_options::add, error);
    if (!error) fs::rename(site.path, to, error);
  }
  if (error) return fail(cannot_move(site.path, to, error));
  return Unit{};
}

Result<Unit> move_back(const Site& site) {
  const fs::path from = leaving_place(site);
  if (is_anything(site.path) || !is_anything(from)) return Unit{};
  std::error_code error;
  fs::rename(from, site.path, error);
  if (!error) return Unit{};
  return fail(Errc::kIo, "cannot move " + from.string() + " back to " + site.path.string() + ": " + error.message());
}

Result<fs::path> condemn(const Site& site) {
  const fs::path from = leaving_place(site);
  fs::path to;
  int n = 1;
  do {
    to = orphans_of(site) / (std::string(kRemoving) + site.task_id.value + "." + std::to_string(n++));
  } while (is_anything(to));
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return fail(cannot_move(from, to, error));
  return to;
}

reactor::Task<> finish_removals(git::Git& git, KeyedMutex& locks, Site site) {
  for (const auto& tree : condemned_of(site)) {
    log::warn("task {}: its removal was interrupted and is finished now", site.task_id.value);
    if (const auto git_dir = registration_of(site, tree); !git_dir.empty()) {
      const fs::path common_dir = git_dir.parent_path().parent_path();
      const auto alone = co_await locks.lock(common_dir.string());
      const auto dropped = co_await git.remove_worktree(common_dir, site.path, git::Removal::kEvenLocked);
      if (!dropped) log::warn("task {}: {}", site.task_id.value, dropped.error().what);
    }
    const auto removed = co_await git.remove_tree(tree);
    if (!removed) log::warn("task {}: {}", site.task_id.value, removed.error().what);
  }
}

std::vector<TaskId> tasks_leaving(const fs::path& orphans, std::size_t most) {
  std::vector<TaskId> found;
  std::error_code error;
  for (fs::directory_iterator entry(orphans, error), end; !error && entry != end; entry.increment(error)) {
    TaskId task(task_in(entry->path().filename().string()));
    if (task.empty() || std::find(found.begin(), found.end(), task) != found.end()) continue;
    if (found.size() >= most) break;
    found.push_back(std::move(task));
  }
  return found;
}

}  // namespace baton::worktree
