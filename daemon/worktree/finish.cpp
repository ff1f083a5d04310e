// The ways in which work on a checkout stops: for a while, for a look, for good. Each one first commits what is there.
#include <utility>

#include "base/log.hpp"
#include "git/checkout.hpp"
#include "worktree/ignored.hpp"
#include "worktree/opened.hpp"
#include "worktree/removal.hpp"
#include "worktree/salvage.hpp"
#include "worktree/save.hpp"
#include "worktree/worktrees.hpp"

namespace baton::worktree {
namespace {

std::string ref_of(const Site& site) { return "refs/heads/" + site.branch; }

// An agent may have left the task's branch for another one, or for none. What is in the tree is the truth, so the
// task's branch follows; where it was stays reachable.
reactor::Task<Result<Unit>> put_branch_at_head(git::Git& git, Site site, Saved saved) {
  if (saved.branch == site.branch) co_return Unit{};
  const auto branch = co_await git.find_branch(site.repository, site.branch);
  if (!branch) co_return fail(branch.error());
  if (!branch->has_value()) co_return co_await git.create_ref(site.repository, ref_of(site), saved.head);
  const std::string tip = (*branch)->tip;
  if (tip == saved.head) co_return Unit{};
  const auto kept = co_await keep_commit(git, site, tip);
  if (!kept) co_return fail(kept.error());
  co_return co_await git.move_ref(site.repository, ref_of(site), saved.head, tip);
}

// The branch and its commits end; what is more than the scaffold stays under a salvage ref.
reactor::Task<Result<Unit>> drop_branch(git::Git& git, Site site, std::string baseline) {
  const auto branch = co_await git.find_branch(site.repository, site.branch);
  if (!branch) co_return fail(branch.error());
  if (!branch->has_value()) co_return Unit{};
  const std::string tip = (*branch)->tip;
  if (tip != baseline) {
    const auto kept = co_await keep_commit(git, site, tip);
    if (!kept) co_return fail(kept.error());
  }
  co_return co_await git.delete_ref(site.repository, ref_of(site), tip);
}

// Paused already: there is nothing to do but to say where the branch is.
reactor::Task<Result<Paused>> kept_branch(git::Git& git, Site site) {
  const auto branch = co_await git.find_branch(site.repository, site.branch);
  if (!branch) co_return fail(branch.error());
  if (!branch->has_value())
    co_return fail(Errc::kUnprocessable, "the branch " + site.branch + " is gone", "branch_gone");
  co_return Paused{false, (*branch)->tip};
}

}  // namespace

reactor::Task<Result<Paused>> Worktrees::pause(Worktree worktree) {
  auto site = layout_.site_at(worktree.task_id, worktree.repository, worktree.path);
  if (!site) co_return fail(site);
  const auto alone = co_await locks_.lock(site->path.string());
  const auto there = is_there(*site);
  if (!there) co_return fail(there.error());
  if (!*there) co_return co_await kept_branch(git_, *site);
  const auto opened = open_site(*site);
  if (!opened) co_return fail(opened.error());
  if (is_half_removed(opened->checkout)) {
    const auto gone = co_await finish_removal(git_, *site, opened->checkout);
    if (!gone) co_return fail(gone.error());
    if (*gone) co_return co_await kept_branch(git_, *site);
  }

  auto saved = co_await save_work(git_, opened->checkout, own_names(worktree.user_files),
                                  "clawboo: pause task " + site->task_id.value);
  if (!saved) co_return fail(saved);
  const auto repository = co_await locks_.lock(opened->common_dir);
  const auto moved = co_await put_branch_at_head(git_, *site, *saved);
  if (!moved) co_return fail(moved.error());
  const auto removed = co_await remove_saved(git_, *site, opened->checkout, saved->nested);
  if (!removed) co_return fail(removed.error());
  co_return Paused{saved->committed, saved->head};
}

reactor::Task<Result<std::string>> Worktrees::checkpoint(Worktree worktree) {
  auto site = layout_.site_at(worktree.task_id, worktree.repository, worktree.path);
  if (!site) co_return fail(site);
  const auto alone = co_await locks_.lock(site->path.string());
  const auto opened = open_site(*site);
  if (!opened) co_return fail(opened.error());
  auto saved = co_await save_work(git_, opened->checkout, own_names(worktree.user_files),
                                  "clawboo: checkpoint task " + site->task_id.value);
  if (!saved) co_return fail(saved);
  co_return std::move(saved->head);
}

reactor::Task<Result<Completed>> Worktrees::complete(Worktree worktree) {
  auto site = layout_.site_at(worktree.task_id, worktree.repository, worktree.path);
  if (!site) co_return fail(site);
  const auto alone = co_await locks_.lock(site->path.string());
  const auto opened = open_site(*site);
  if (!opened) co_return fail(opened.error());
  auto measure = co_await measured(*site, worktree, opened->checkout);
  if (!measure) co_return fail(measure);
  auto stat = co_await stat_of(opened->checkout, *measure);
  if (!stat) co_return fail(stat);
  if (stat->dirty) co_return Completed{*stat, false};

  // Only files of ours may differ. They are committed, so that the salvage ref holds them, and the diff is taken again:
  // something may have been written meanwhile.
  auto saved =
      co_await save_work(git_, opened->checkout, measure->excluded, "clawboo: checkpoint task " + site->task_id.value);
  if (!saved) co_return fail(saved);
  if (saved->committed) stat = co_await stat_of(opened->checkout, *measure);
  if (!stat) co_return fail(stat);
  if (stat->dirty) co_return Completed{*stat, false};

  const auto ignored = co_await ignored_work(git_, opened->checkout);
  if (!ignored) co_return fail(ignored.error());
  if (!ignored->empty()) {  // what somebody did here is in no diff; it is not nothing
    log::warn("task {}: only ignored files were made: {}", site->task_id.value, named(*ignored));
    stat->dirty = true;
    co_return Completed{*stat, false};
  }

  const auto repository = co_await locks_.lock(opened->common_dir);
  const auto moved = co_await put_branch_at_head(git_, *site, *saved);
  if (!moved) co_return fail(moved.error());
  const auto removed = co_await remove_saved(git_, *site, opened->checkout, saved->nested);
  if (!removed) co_return fail(removed.error());
  const auto dropped = co_await drop_branch(git_, *site, measure->commit);
  if (!dropped) co_return fail(dropped.error());
  co_return Completed{*stat, true};
}

}  // namespace baton::worktree
