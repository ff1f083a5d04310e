#include "worktree/put_away.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "worktree/removal.hpp"
#include "worktree/salvage.hpp"
#include "worktree/strays.hpp"

namespace baton::worktree {

namespace fs = std::filesystem;

bool is_elsewhere(const git::Branch& branch, const Site& site) {
  if (branch.checked_out_at.empty()) return false;
  std::error_code error;
  const auto there = fs::weakly_canonical(branch.checked_out_at, error);
  const auto here = error ? fs::path() : fs::weakly_canonical(site.path, error);
  return error ? branch.checked_out_at != site.path : there != here;  // a disk may be away
}

reactor::Task<Result<Placed>> put_branch_at_head(git::Git& git, Site site, Saved saved) {
  if (saved.branch == site.branch) co_return Placed{saved.head, {}};
  const std::string ref = "refs/heads/" + site.branch;
  const auto branch = co_await git.find_branch(site.repository, site.branch);
  if (!branch) co_return fail(branch.error());
  const std::string tip = branch->has_value() ? (*branch)->tip : "";
  if (tip == saved.head) co_return Placed{tip, {}};
  if (!tip.empty() && is_elsewhere(**branch, site)) {
    auto kept = co_await keep_commit(git, site, saved.head);
    if (!kept) co_return fail(kept);
    log::warn("task {}: {} is checked out at {} and stays where it is; what was done in the worktree is {}",
              site.task_id.value, site.branch, (*branch)->checked_out_at.string(), *kept);
    co_return Placed{tip, std::move(*kept)};
  }
  if (!tip.empty()) {
    const auto kept = co_await keep_commit(git, site, tip);
    if (!kept) co_return fail(kept.error());
    fault_point("branch.tip_kept");
  }
  const auto moved = co_await git.move_ref(site.repository, ref, saved.head, tip);  // no tip: it must not be there
  if (!moved) co_return fail(moved.error());
  co_return Placed{saved.head, {}};
}

reactor::Task<Result<PutAway>> put_away(git::Git& git, KeyedMutex& locks, PutAwayRequest request) {
  const Site& site = request.site;
  const git::Checkout& checkout = request.opened.checkout;
  std::error_code error;
  const bool puts_back = fs::exists(checkout.git_dir / "MERGE_AUTOSTASH", error);
  auto saved = co_await save_work(git, checkout, request.own_names, request.message);
  if (saved && puts_back && saved->committed) {  // the commit ended a merge, and git put back what that had put aside
    saved = co_await save_work(git, checkout, std::move(request.own_names), std::move(request.message));
    if (saved) saved->committed = true;
  }
  if (!saved) co_return fail(saved);
  const auto repository = co_await locks.lock(request.opened.common_dir);
  auto placed = co_await put_branch_at_head(git, site, *saved);
  if (!placed) co_return fail(placed);
  fault_point("put_away.branch_moved");
  const auto strays = co_await keep_strays(git, site, checkout, saved->head);
  if (!strays) co_return fail(strays.error());
  auto removed = co_await remove_saved(git, site, checkout, *saved, request.rule);
  if (!removed) co_return fail(removed);
  co_return PutAway{saved->committed, std::move(saved->head), std::move(*removed), std::move(placed->kept_as)};
}

}  // namespace baton::worktree
