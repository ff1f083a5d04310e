#include "worktree/builder.hpp"

#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "git/checkout.hpp"
#include "worktree/marker.hpp"
#include "worktree/opened.hpp"
#include "worktree/removal.hpp"
#include "worktree/salvage.hpp"
#include "worktree/small_file.hpp"

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

// `git worktree add` locks what it makes with this word until it is done.
bool is_initializing(const git::Checkout& checkout) {
  return small_file(checkout.git_dir / "locked").value_or("").starts_with("initializing");
}

// Not after a deadline or a full disk: the second try would cost the same and end the same.
bool worth_another_try(const Error& error) {
  return (error.code == Errc::kUnprocessable && error.reason == "git_failed") || error.reason == "git_locked" ||
         error.code == Errc::kInternal;
}

}  // namespace

struct Builder::Plan {
  git::NewWorktree wanted;
  std::optional<git::Commit> scaffold;
};

std::string scaffold_subject(const TaskId& task) { return "clawboo: scaffold task " + task.value; }

Builder::Builder(git::Git& git, KeyedMutex& locks, Site site, const fs::path& common_dir)
    : git_(git), locks_(locks), site_(std::move(site)), common_dir_(resolved(common_dir)) {}

std::optional<git::Checkout> Builder::present() const {
  auto checkout = git::open_checkout(site_.path);
  if (!checkout || !same_place(checkout->git_dir.parent_path().parent_path(), common_dir_)) return std::nullopt;
  return checkout;
}

reactor::Task<Result<std::optional<git::Checkout>>> Builder::present_whole() {
  auto checkout = present();
  if (!checkout) co_return std::nullopt;
  if (is_initializing(*checkout)) {
    const auto removed = co_await git_.remove_worktree(site_.repository, site_.path, git::Removal::kEvenLocked);
    if (!removed) co_return fail(removed.error());
    co_return std::nullopt;
  }
  if (is_half_removed(*checkout)) {
    const auto gone = co_await finish_removal(git_, site_, *checkout);
    if (!gone) co_return fail(gone.error());
    if (*gone) co_return std::nullopt;
  }
  if (const auto damaged = git::damage_of(*checkout)) co_return fail(broken(site_, *damaged));
  co_return std::move(checkout);
}

reactor::Task<Result<Built>> Builder::build(std::string commit) { return twice(Aim::kBuild, std::move(commit)); }
reactor::Task<Result<Built>> Builder::attach() { return twice(Aim::kAttach, {}); }

// A first try can fail over what an earlier, killed one left registered; its undoing clears that.
reactor::Task<Result<Built>> Builder::twice(Aim aim, std::string commit) {
  if (auto cleared = clear_place(); !cleared) co_return fail(cleared);
  const auto alone = co_await locks_.lock(common_dir_.string());
  auto built = co_await once(aim, commit);
  if (built || !worth_another_try(built.error())) co_return built;
  log::warn("task {}: {}; trying once more", site_.task_id.value, built.error().what);
  co_return co_await once(aim, std::move(commit));
}

reactor::Task<Result<Built>> Builder::once(Aim aim, std::string commit) {
  Result<Plan> plan = fail(Errc::kInternal, "");
  if (aim == Aim::kBuild) {
    plan = co_await plan_build(std::move(commit));
  } else {
    plan = co_await plan_attach();
  }
  if (!plan) co_return fail(plan);
  Built built;
  built.scaffold = plan->scaffold;
  if (!plan->wanted.reset) built.new_branch_at = plan->wanted.commit;
  auto checkout = co_await add(plan->wanted);
  if (!checkout) {
    co_await undo(std::move(built));
    co_return fail(checkout);
  }
  built.checkout = std::move(*checkout);
  co_return built;
}

reactor::Task<Result<Builder::Plan>> Builder::plan_build(std::string commit) {
  Plan plan;
  plan.wanted.path = site_.path;
  plan.wanted.branch = site_.branch;
  const auto found = co_await git_.find_branch(site_.repository, site_.branch);
  if (!found) co_return fail(found.error());
  const auto& branch = *found;
  if (!branch) {
    plan.wanted.commit = std::move(commit);
    co_return plan;
  }
  if (auto freed = co_await free_branch(*branch); !freed) co_return fail(freed);
  if (branch->tip == commit) co_return plan;

  auto scaffold = co_await git_.oldest_of_ours(site_.repository, site_.branch, scaffold_subject(site_.task_id));
  if (!scaffold) co_return fail(scaffold);
  plan.scaffold = std::move(*scaffold);
  if (plan.scaffold) co_return plan;
  const auto kept = co_await keep_commit(git_, site_, branch->tip);
  if (!kept) co_return fail(kept.error());
  plan.wanted.commit = std::move(commit);
  plan.wanted.reset = true;
  co_return plan;
}

reactor::Task<Result<Builder::Plan>> Builder::plan_attach() {
  Plan plan;
  plan.wanted.path = site_.path;
  plan.wanted.branch = site_.branch;
  const auto found = co_await git_.find_branch(site_.repository, site_.branch);
  if (!found) co_return fail(found.error());
  const auto& branch = *found;
  if (!branch)
    co_return fail(Errc::kUnprocessable, "the branch " + site_.branch + " is gone, so the work cannot be resumed",
                   "branch_gone");
  if (auto freed = co_await free_branch(*branch); !freed) co_return fail(freed);
  co_return plan;
}

// A registration of this very place whose directory is gone is dropped; a checkout anywhere else is somebody's.
reactor::Task<Result<Unit>> Builder::free_branch(git::Branch branch) {
  if (branch.checked_out_at.empty()) co_return Unit{};
  if (same_place(branch.checked_out_at, site_.path))
    co_return co_await git_.remove_worktree(site_.repository, site_.path, git::Removal::kEvenLocked);
  co_return fail(Errc::kConflict, "the branch " + site_.branch + " is checked out at " + branch.checked_out_at.string(),
                 "branch_in_use");
}

reactor::Task<Result<git::Checkout>> Builder::add(git::NewWorktree wanted) {
  std::error_code error;
  fs::create_directories(site_.path.parent_path(), error);
  if (error) {
    const Errc code = error == std::errc::no_space_on_device ? Errc::kNoSpace : Errc::kIo;
    co_return fail(code, "cannot make " + site_.path.parent_path().string() + ": " + error.message());
  }
  const auto added = co_await git_.add_worktree(site_.repository, std::move(wanted));
  if (!added) co_return fail(added.error());
  auto checkout = present();
  if (!checkout) co_return fail(Errc::kInternal, "git did not register the worktree " + site_.path.string());
  if (auto marked = write_marker(*checkout, {site_.task_id, {}, {}, {}}); !marked) co_return fail(marked);
  co_return std::move(*checkout);
}

// Best effort: the place was empty before, so what lies there now is ours.
reactor::Task<> Builder::undo(Built built) {
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
