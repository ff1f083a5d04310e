#include "worktree/worktrees.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "base/bug.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "git/checkout.hpp"
#include "git/parse.hpp"
#include "handoff/sor_files.hpp"
#include "worktree/opened.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {

namespace fs = std::filesystem;

Worktrees::Worktrees(git::Git& git, fs::path state, Settings settings)
    : git_(git), layout_(state), settings_(settings), locks_(git.loop()) {}

reactor::Task<Result<std::string>> Worktrees::resolve_base(fs::path repository, std::string base) {
  const auto site = layout_.site(TaskId("any"), repository);  // for the rules about a repository's path
  if (!site) co_return fail(site.error());
  auto resolved = co_await git_.resolve(site->repository, std::move(base));
  if (!resolved) co_return fail(resolved);
  co_return std::move(resolved->commit);
}

reactor::Task<bool> Worktrees::is_usable(fs::path repository, fs::path path) {
  if (!layout_.may_hold_worktree(path)) co_return false;
  const auto checkout = git::open_checkout(path);
  if (!checkout || is_being_made(*checkout)) co_return false;
  const auto found = co_await git_.find_repository(std::move(repository));
  std::error_code error;
  co_return found&& fs::equivalent(found->common_dir, checkout->git_dir.parent_path().parent_path(), error);
}

bool Worktrees::is_damaged(const fs::path& path) const {
  const auto checkout = git::open_checkout(path);
  return checkout && git::damage_of(*checkout);
}

bool Worktrees::is_detached(const fs::path& path) const {
  const auto checkout = git::open_checkout(path);
  return checkout && git::is_detached(*checkout);
}

reactor::Task<Result<DiffStat>> Worktrees::diff_stat(Worktree worktree) {
  auto site = layout_.site_at(worktree.task_id, worktree.repository, worktree.path);
  if (!site) co_return fail(site);
  const auto alone = co_await locks_.lock(site->path.string());
  const auto opened = open_site(*site);
  if (!opened) co_return fail(opened.error());
  auto measure = co_await measured(*site, std::move(worktree), opened->checkout);
  if (!measure) co_return fail(measure);
  co_return co_await stat_of(opened->checkout, std::move(*measure));
}

reactor::Task<Result<std::string>> Worktrees::diff(Worktree worktree) {
  auto site = layout_.site_at(worktree.task_id, worktree.repository, worktree.path);
  if (!site) co_return fail(site);
  const auto alone = co_await locks_.lock(site->path.string());
  const auto opened = open_site(*site);
  if (!opened) co_return fail(opened.error());
  auto measure = co_await measured(*site, std::move(worktree), opened->checkout);
  if (!measure) co_return fail(measure);
  auto diff = co_await git_.diff(opened->checkout, std::move(*measure), limits::kDiffText);
  if (!diff) co_return fail(diff);
  if (diff->cut)
    diff->text += "\n[the diff is longer than " + std::to_string(limits::kDiffText) + " bytes: cut here]\n";
  co_return text::repaired_utf8(diff->text);  // files may hold anything
}

reactor::Task<Result<git::DiffRequest>> Worktrees::measured(Site site, Worktree worktree, git::Checkout checkout) {
  if (git::is_commit_id(worktree.baseline_commit))
    co_return git::DiffRequest{std::move(worktree.baseline_commit), own_names(worktree.user_files)};
  const auto marker = co_await find_baseline(std::move(site), std::move(checkout));
  if (!marker) co_return fail(marker.error());
  co_return git::DiffRequest{marker->baseline_commit, own_names(marker->user_files)};
}

reactor::Task<Result<DiffStat>> Worktrees::stat_of(git::Checkout checkout, git::DiffRequest request) {
  const auto changes = co_await git_.changes(std::move(checkout), std::move(request));
  if (!changes) co_return fail(changes.error());
  DiffStat stat;
  for (const auto& change : *changes) {
    ++stat.files_changed;
    stat.insertions += change.insertions;
    stat.deletions += change.deletions;
  }
  stat.dirty = stat.files_changed > 0;
  co_return stat;
}

reactor::Task<Result<Unit>> Worktrees::write_file(Worktree worktree, std::string name, std::string content) {
  require(handoff::is_sor_file(name), "not one of the hand-off files");
  if (content.size() > limits::kSorFile)
    co_return fail(Errc::kTooLarge, name + " would have more than " + std::to_string(limits::kSorFile) + " bytes");
  const auto site = layout_.site_at(worktree.task_id, worktree.repository, worktree.path);
  if (!site) co_return fail(site.error());
  const auto alone = co_await locks_.lock(site->path.string());
  const auto opened = open_site(*site);
  if (!opened) co_return fail(opened.error());
  const fs::path file = site->path / name;
  co_return co_await git_.replace_file(file, name_beside(file), std::move(content));
}

reactor::Task<Result<std::optional<std::string>>> Worktrees::file_at(fs::path repository, std::string commit,
                                                                     std::string name) {
  if (!git::is_commit_id(commit)) co_return fail(Errc::kInvalid, "'" + commit + "' is not a full commit id");
  co_return co_await git_.file_at(std::move(repository), std::move(commit), std::move(name));
}

// By the same key as one that is open has (opened.hpp).
reactor::Task<Result<KeyedMutex::Lock>> Worktrees::lock_repository(fs::path repository) {
  const auto found = co_await git_.find_repository(std::move(repository));
  if (!found) co_return fail(found.error());
  std::error_code error;
  const auto real = fs::weakly_canonical(found->common_dir, error);
  co_return co_await locks_.lock((error ? found->common_dir : real).string());
}

Result<fs::path> Worktrees::make_scratch(const std::string& name) {
  auto path = layout_.scratch(name);
  if (!path) return path;
  std::error_code error;
  fs::create_directories(path->parent_path(), error);
  if (::mkdir(path->c_str(), 0700) == 0) return path;
  const int reason = errno;
  if (reason == EEXIST)
    return fail(Errc::kConflict, "the directory " + path->string() + " is in use", "scratch_in_use");
  return fail(reason == ENOSPC ? Errc::kNoSpace : Errc::kIo,
              "cannot make the directory " + path->string() + ": " + std::strerror(reason));
}

reactor::Task<> Worktrees::remove_scratch(fs::path path) {
  if (!layout_.is_scratch(path)) {
    log::error("{} is not a scratch directory of ours; it is left alone", path.string());
    co_return;
  }
  const auto removed = co_await git_.remove_tree(std::move(path));
  if (!removed) log::warn("{}", removed.error().what);
}

}  // namespace baton::worktree
