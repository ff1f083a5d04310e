// The ways in which work on a checkout stops: for a while, for a look, for good. Each one first commits what is there.
#include <utility>

#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "git/checkout.hpp"
#include "worktree/ending.hpp"
#include "worktree/leaving.hpp"
#include "worktree/opened.hpp"
#include "worktree/put_away.hpp"
#include "worktree/removal.hpp"
#include "worktree/salvage.hpp"
#include "worktree/strays.hpp"
#include "worktree/worktrees.hpp"

namespace baton::worktree {
namespace {

// Paused already: there is nothing to do but to say where the branch is.
reactor::Task<Result<Paused>> kept_branch(git::Git& git, Site site) {
  const auto branch = co_await git.find_branch(site.repository, site.branch);
  if (!branch) co_return fail(branch.error());
  if (!branch->has_value())
    co_return fail(Errc::kUnprocessable, "the branch " + site.branch + " is gone", "branch_gone");
  co_return Paused{false, (*branch)->tip, {}, {}};
}

// At `tip`, which a salvage ref keeps. The caller holds the repository's lock.
reactor::Task<Result<Unit>> end_branch(git::Git& git, Site site, git::Branch branch, std::string tip) {
  Result<std::string> kept;
  if (is_elsewhere(branch, site)) {
    log::warn("task {}: {} is checked out at {} and stays", site.task_id.value, site.branch,
              branch.checked_out_at.string());
    kept = co_await keep_commit(git, site, std::move(tip));
  } else {
    kept = co_await retire_branch(git, site, std::move(tip));
  }
  if (!kept) co_return fail(kept.error());
  co_return Unit{};
}

// After put_branch_at_head(). Only when the branch was not checked out here, somebody else could check it out.
reactor::Task<Result<Unit>> end_branch(git::Git& git, Site site, Saved saved, std::string tip) {
  git::Branch branch;
  if (saved.branch != site.branch) {
    const auto found = co_await git.find_branch(site.repository, site.branch);
    if (!found) co_return fail(found.error());
    branch = found->value_or(git::Branch());
  }
  co_return co_await end_branch(git, std::move(site), std::move(branch), std::move(tip));
}

}  // namespace

reactor::Task<Result<Paused>> Worktrees::pause(Worktree worktree, bool force) {
  auto site = layout_.site_at(worktree.task_id, worktree.repository, worktree.path);
  if (!site) co_return fail(site);
  const auto alone = co_await locks_.lock(site->path.string());
  const auto there = is_there(*site);
  if (!there) co_return fail(there.error());
  if (!*there) {
    co_await finish_removals(git_, locks_, *site);
    co_return co_await kept_branch(git_, *site);
  }
  const auto opened = open_site(*site);
  if (!opened) co_return fail(opened.error());
  PutAwayRequest whole{*site, *opened, own_names(worktree.user_files), "clawboo: pause task " + site->task_id.value,
                       rule(force)};
  auto away = co_await put_away(git_, locks_, std::move(whole));
  if (!away) co_return fail(away);
  co_return Paused{away->committed, std::move(away->head), std::move(away->dropped), std::move(away->kept_as)};
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

reactor::Task<Result<Completed>> Worktrees::complete(Worktree worktree, bool force) {
  auto site = layout_.site_at(worktree.task_id, worktree.repository, worktree.path);
  if (!site) co_return fail(site);
  const auto alone = co_await locks_.lock(site->path.string());
  const auto there = is_there(*site);
  if (!there) co_return fail(there.error());
  if (!*there) {
    co_await finish_removals(git_, locks_, *site);
    co_return co_await finish_completion(*site, worktree.baseline_commit);
  }
  const auto opened = open_site(*site);
  if (!opened) co_return fail(opened.error());
  auto measure = co_await measured(*site, std::move(worktree), opened->checkout);
  if (!measure) co_return fail(measure);
  auto found = co_await nothing_done(*site, opened->checkout, *measure, force);
  if (!found) co_return fail(found);
  if (!found->saved) co_return Completed{found->stat, false, {}};

  const auto repository = co_await locks_.lock(opened->common_dir);
  const auto placed = co_await put_branch_at_head(git_, *site, *found->saved);
  if (!placed) co_return fail(placed.error());
  const auto strays = co_await keep_strays(git_, *site, opened->checkout, found->saved->head);
  if (!strays) co_return fail(strays.error());
  if (auto noted = note_ending(*site, {placed->tip, measure->commit}); !noted) co_return fail(noted);
  fault_point("complete.noted");
  auto removed = co_await remove_saved(git_, *site, opened->checkout, *found->saved, rule(force));
  if (!removed) co_return fail(removed);
  const auto ended = co_await end_branch(git_, *site, *found->saved, placed->tip);
  if (!ended) co_return fail(ended.error());
  fault_point("complete.branch_retired");
  co_return Completed{found->stat, true, std::move(*removed)};
}

// Only files of ours may differ. They are committed, so that the salvage ref holds them, and the diff is taken again:
// something may have been written meanwhile. A tree that git finds clean at its baseline needs no diff.
reactor::Task<Result<Worktrees::Nothing>> Worktrees::nothing_done(Site site, git::Checkout checkout,
                                                                  git::DiffRequest measure, bool force) {
  auto seen = co_await look_at(git_, checkout, measure.excluded);
  if (!seen) co_return fail(seen);
  Nothing found;
  const bool untouched = seen->status.clean() && seen->status.head == measure.commit;
  if (!untouched) {
    auto stat = co_await stat_of(checkout, measure);
    if (!stat) co_return fail(stat);
    found.stat = *stat;
    if (stat->dirty) co_return found;
  }
  auto saved = co_await save_seen(git_, checkout, std::move(*seen), "clawboo: checkpoint task " + site.task_id.value);
  if (!saved) co_return fail(saved);
  if (saved->committed) {
    auto stat = co_await stat_of(checkout, measure);
    if (!stat) co_return fail(stat);
    found.stat = *stat;
    if (stat->dirty) co_return found;
  }
  if (saved->ignores && !force) {
    const auto ignored = co_await ignored_work(git_, checkout);
    if (!ignored) co_return fail(ignored.error());
    if (!ignored->empty()) {  // what somebody did here is in no diff; it is not nothing
      log::warn("task {}: only ignored files were made: {}", site.task_id.value, named(*ignored));
      found.stat.dirty = true;
      co_return found;
    }
  }
  found.saved = std::move(*saved);
  co_return found;
}

// The checkout is gone. A completion that was interrupted is finished, anything else has to be provisioned first.
reactor::Task<Result<Completed>> Worktrees::finish_completion(Site site, std::string baseline) {
  const auto repository = co_await lock_repository(site.repository);
  if (!repository) co_return fail(repository.error());
  const auto ending = noted_ending(site);
  const auto branch = co_await git_.find_branch(site.repository, site.branch);
  if (!branch) co_return fail(branch.error());
  const bool ours = ending && (baseline.empty() || ending->baseline == baseline) &&
                    (!branch->has_value() || (*branch)->tip == ending->tip);
  if (!ours)
    co_return fail(Errc::kConflict, "the worktree of task " + site.task_id.value + " is not checked out",
                   "no_checkout");
  log::warn("task {}: its completion was interrupted and is finished now", site.task_id.value);
  if (branch->has_value()) {
    const auto ended = co_await end_branch(git_, site, **branch, ending->tip);
    if (!ended) co_return fail(ended.error());
  }
  co_return Completed{{}, true, {}};
}

}  // namespace baton::worktree
