#include "worktree/put_away.hpp"

#include <utility>

#include "base/fault_point.hpp"
#include "worktree/removal.hpp"
#include "worktree/salvage.hpp"

namespace baton::worktree {

reactor::Task<Result<Unit>> put_branch_at_head(git::Git& git, Site site, Saved saved) {
  if (saved.branch == site.branch) co_return Unit{};
  const std::string ref = "refs/heads/" + site.branch;
  const auto branch = co_await git.find_branch(site.repository, site.branch);
  if (!branch) co_return fail(branch.error());
  if (!branch->has_value()) co_return co_await git.create_ref(site.repository, ref, saved.head);
  const std::string tip = (*branch)->tip;
  if (tip == saved.head) co_return Unit{};
  const auto kept = co_await keep_commit(git, site, tip);
  if (!kept) co_return fail(kept.error());
  fault_point("branch.tip_kept");
  co_return co_await git.move_ref(site.repository, ref, saved.head, tip);
}

reactor::Task<Result<PutAway>> put_away(git::Git& git, KeyedMutex& locks, PutAwayRequest request) {
  const Site& site = request.site;
  const git::Checkout& checkout = request.opened.checkout;
  auto saved = co_await save_work(git, checkout, std::move(request.own_names), std::move(request.message));
  if (!saved) co_return fail(saved);
  const auto repository = co_await locks.lock(request.opened.common_dir);
  const auto moved = co_await put_branch_at_head(git, site, *saved);
  if (!moved) co_return fail(moved.error());
  fault_point("put_away.branch_moved");
  auto removed = co_await remove_saved(git, site, checkout, *saved, request.rule);
  if (!removed) co_return fail(removed);
  co_return PutAway{saved->committed, std::move(saved->head), std::move(*removed)};
}

}  // namespace baton::worktree
