#include "worktree/builder.hpp"

#include <system_error>
#include <utility>

#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "git/checkout.hpp"
#include "worktree/adopt.hpp"
#include "worktree/opened.hpp"
#include "worktree/removal.hpp"
#include "worktree/salvage.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

// As it is where it cannot be resolved: a loop of links, a name that is too long, a directory that is closed to us.
fs::path resolved(const fs::path& path) {
  std::error_code error;
  auto real = fs::weakly_canonical(path, error);
  return error ? path : real;
}

bool same_place(const fs::path& a, const fs::path& b) { return resolved(a) == resolved(b); }

// Not after a deadline or a full disk: the second try would cost the same and end the same.
bool worth_another_try(const Error& error) {
  return (error.code == Errc::kUnprocessable && error.reason == "git_failed") || error.reason == "git_locked" ||
         error.code == Errc::kInternal;
}

}  // namespace

struct Builder::Start {
  bool is_at_base = false;              // the branch is there, with nothing on it yet
  std::optional<git::Commit> scaffold;  // of the work that is on it
};

Builder::Builder(git::Git& git, KeyedMutex& locks, Site site, const fs::path& common_dir)
    : git_(git), locks_(locks), site_(std::move(site)), common_dir_(resolved(common_dir)) {}

std::optional<git::Checkout> Builder::present() const {
  auto checkout = git::open_checkout(site_.path);
  if (!checkout || !same_place(checkout->git_dir.parent_path().parent_path(), common_dir_)) return std::nullopt;
  return checkout;
}

reactor::Task<Result<std::optional<git::Checkout>>> Builder::present_whole() {
  if (const auto reached = is_there(site_); !reached) co_return fail(reached.error());
  auto checkout = present();
  if (!checkout) co_return std::nullopt;
  if (is_being_made(*checkout)) {
    const auto alone = co_await locks_.lock(common_dir_.string());
    const auto removed = co_await remove_half_made(git_, site_, *checkout);
    if (!removed) co_return fail(removed.error());
    co_return std::nullopt;
  }
  if (const auto damaged = git::damage_of(*checkout)) co_return fail(broken(site_, *damaged));
  co_return std::move(checkout);
}

// A first try can fail over what an earlier, killed one left registered; its undoing clears that.
reactor::Task<Result<Built>> Builder::build(Seed seed) {
  if (auto cleared = clear_place(); !cleared) co_return fail(cleared);
  fault_point("provision.place_cleared");
  auto built = co_await build_once(seed);
  if (built || !worth_another_try(built.error())) co_return built;
  log::warn("task {}: {}; trying once more", site_.task_id.value, built.error().what);
  seed.branch_is_new = false;
  co_return co_await build_once(std::move(seed));
}

reactor::Task<Result<Built>> Builder::attach() {
  if (auto cleared = clear_place(); !cleared) co_return fail(cleared);
  auto built = co_await attach_once();
  if (built || !worth_another_try(built.error())) co_return built;
  log::warn("task {}: {}; trying once more", site_.task_id.value, built.error().what);
  co_return co_await attach_once();
}

reactor::Task<Result<Built>> Builder::build_once(Seed seed) {
  Start start;
  if (!seed.branch_is_new) {
    auto found = co_await clear_branch(seed.base);
    if (!found) co_return fail(found);
    start = std::move(*found);
  }
  Result<Marker> marker = fail(Errc::kInternal, "");
  if (start.scaffold) {
    log::info("task {}: goes on with the work on {}", site_.task_id.value, site_.branch);
    marker = co_await adopt(git_, site_, *start.scaffold, seed.is_scaffold);
  } else {
    marker = co_await commit_scaffold(std::move(seed));
  }
  if (!marker) co_return fail(marker);
  Built built;
  if (!start.scaffold && !start.is_at_base) built.new_branch_at = marker->baseline_commit;
  built.marker = std::move(*marker);
  co_return co_await furnish(std::move(built));
}

reactor::Task<Result<Built>> Builder::attach_once() {
  {
    const auto alone = co_await locks_.lock(common_dir_.string());
    const auto branch = co_await git_.find_branch(site_.repository, site_.branch);
    if (!branch) co_return fail(branch.error());
    if (!branch->has_value())
      co_return fail(Errc::kUnprocessable, "the branch " + site_.branch + " is gone, so the work cannot be resumed",
                     "branch_gone");
    if (auto freed = co_await free_branch(**branch); !freed) co_return fail(freed);
  }
  Built built;
  co_return co_await furnish(std::move(built));
}

reactor::Task<Result<Builder::Start>> Builder::clear_branch(std::string base) {
  const auto alone = co_await locks_.lock(common_dir_.string());
  const auto found = co_await git_.find_branch(site_.repository, site_.branch);
  if (!found) co_return fail(found.error());
  Start start;
  if (!found->has_value()) co_return start;
  const git::Branch branch = **found;
  if (auto freed = co_await free_branch(branch); !freed) co_return fail(freed);
  fault_point("provision.branch_freed");
  start.is_at_base = branch.tip == base;
  if (start.is_at_base) co_return start;

  auto scaffold = co_await git_.oldest_of_ours(site_.repository, site_.branch, scaffold_subject(site_.task_id));
  if (!scaffold) co_return fail(scaffold);
  start.scaffold = std::move(*scaffold);
  if (start.scaffold) co_return start;
  const auto kept = co_await keep_commit(git_, site_, branch.tip);
  if (!kept) co_return fail(kept.error());
  fault_point("provision.branch_kept");
  const auto gone = co_await git_.delete_ref(site_.repository, "refs/heads/" + site_.branch, branch.tip);
  if (!gone) co_return fail(gone.error());
  fault_point("provision.branch_cleared");
  co_return start;
}

// The scaffold as the branch's first commit: everything after it is work.
reactor::Task<Result<Marker>> Builder::commit_scaffold(Seed seed) {
  auto users = co_await user_files_at(git_, site_.repository, seed.base, seed.is_scaffold);
  if (!users) co_return fail(users);
  auto commit = scaffold_commit(site_, seed.base, seed.scaffold, *users);
  if (!commit) co_return fail(commit);
  auto baseline = co_await git_.import_commit(common_dir_, std::move(*commit));
  if (!baseline) co_return fail(baseline);
  fault_point("provision.scaffold_committed");
  co_return Marker{site_.task_id, std::move(seed.base), std::move(*baseline), std::move(*users)};
}

// A registration of this very place whose directory is gone is dropped; a checkout anywhere else is somebody's.
reactor::Task<Result<Unit>> Builder::free_branch(git::Branch branch) {
  if (branch.checked_out_at.empty()) co_return Unit{};
  if (same_place(branch.checked_out_at, site_.path))
    co_return co_await git_.remove_worktree(site_.repository, site_.path, git::Removal::kEvenLocked);
  co_return fail(Errc::kConflict, "the branch " + site_.branch + " is checked out at " + branch.checked_out_at.string(),
                 "branch_in_use");
}

reactor::Task<Result<Built>> Builder::furnish(Built built) {
  auto checkout = co_await add();
  if (checkout) {
    fault_point("checkout.added");
    built.checkout = *checkout;
    const auto filled = co_await git_.check_out(built.checkout);
    if (!filled) checkout = fail(filled.error());
  }
  if (!checkout) {
    co_await undo(std::move(built));
    co_return fail(checkout);
  }
  fault_point("checkout.filled");
  co_return built;
}

reactor::Task<Result<git::Checkout>> Builder::add() {
  std::error_code error;
  fs::create_directories(site_.path.parent_path(), error);
  if (error) {
    const bool full = error == std::errc::no_space_on_device;
    co_return fail(full ? Errc::kNoSpace : Errc::kIo,
                   "cannot make " + site_.path.parent_path().string() + ": " + error.message(),
                   full ? "disk_full" : "");
  }
  const auto alone = co_await locks_.lock(common_dir_.string());
  git::NewWorktree wanted{site_.path, site_.branch, {}, std::string(kMakingLock)};
  const auto added = co_await git_.add_worktree(site_.repository, std::move(wanted));
  if (!added) co_return fail(added.error());
  auto checkout = present();
  if (!checkout) co_return fail(Errc::kInternal, "git did not register the worktree " + site_.path.string());
  co_return std::move(*checkout);
}

Result<Unit> Builder::hand_out(const git::Checkout& checkout, const Marker& marker,
                               const std::vector<handoff::ScaffoldFile>& scaffold) const {
  if (auto settled = settle_scaffold(checkout.path, scaffold, marker.user_files); !settled) return settled;
  fault_point("checkout.settled");
  if (auto written = write_marker(checkout, marker); !written) return written;
  fault_point("checkout.marked");
  if (auto unlocked = unlock_made(checkout); !unlocked) return unlocked;
  fault_point("checkout.unlocked");
  return Unit{};
}

// Best effort: the place was empty before, so what lies there now is ours.
reactor::Task<> Builder::undo(Built built) {
  const auto alone = co_await locks_.lock(common_dir_.string());
  std::error_code error;
  const auto removed = co_await git_.remove_worktree(site_.repository, site_.path, git::Removal::kEvenLocked);
  if (!removed && fs::exists(site_.path, error)) {
    const auto cleared = co_await git_.remove_tree(site_.path);
    if (!cleared) log::warn("task {}: {}", site_.task_id.value, cleared.error().what);
  }
  if (built.new_branch_at.empty()) co_return;
  const std::string ref = "refs/heads/" + site_.branch;
  static_cast<void>(co_await git_.delete_ref(site_.repository, ref, built.new_branch_at));  // unless it moved on
}

// What lies in the way is no worktree of ours that can be proven; it is put aside, never deleted.
Result<Unit> Builder::clear_place() const {
  if (const auto reached = is_there(site_); !reached) return fail(reached.error());
  std::error_code error;
  if (!fs::exists(fs::symlink_status(site_.path, error))) return Unit{};
  if (fs::is_directory(fs::symlink_status(site_.path, error)) && fs::is_empty(site_.path, error)) {
    fs::remove(site_.path, error);
    if (!error) return Unit{};
  }
  const fs::path orphans = orphans_of(site_);
  fs::create_directories(orphans, error);
  for (int n = 1; !error; ++n) {
    const fs::path aside = orphans / (site_.task_id.value + "." + std::to_string(n));
    if (fs::exists(fs::symlink_status(aside, error))) continue;
    fs::rename(site_.path, aside, error);
    if (error) break;
    log::warn("task {}: what lay at {} was no worktree of its repository; it is now {}", site_.task_id.value,
              site_.path.string(), aside.string());
    return Unit{};
  }
  return fail(Errc::kIo, "cannot clear " + site_.path.string() + ": " + error.message());
}

}  // namespace baton::worktree
