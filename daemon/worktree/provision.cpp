// Five git processes for a new worktree: look up the commit and the branch, look for the user's own files, commit the
// scaffold, add the worktree, fill it.
#include <utility>

#include "base/log.hpp"
#include "worktree/adopt.hpp"
#include "worktree/builder.hpp"
#include "worktree/marker.hpp"
#include "worktree/opened.hpp"
#include "worktree/worktrees.hpp"

namespace baton::worktree {
namespace {

Worktree worktree_of(const Site& site, Marker marker) {
  return {site.task_id,
          site.repository,
          site.path,
          site.branch,
          std::move(marker.base_commit),
          std::move(marker.baseline_commit),
          std::move(marker.user_files)};
}

Error foreign_worktree(const Site& site) {
  return {Errc::kConflict,
          "there is a worktree at " + site.path.string() + " that was not made for task " + site.task_id.value +
              "; move it away with `git worktree move`",
          "foreign_worktree"};
}

}  // namespace

reactor::Task<Result<Worktree>> Worktrees::provision(ProvisionRequest request) {
  auto site = layout_.site(request.task_id, request.repository);
  if (!site) co_return fail(site);
  auto from = co_await git_.resolve(site->repository, request.base, site->branch);
  if (!from) co_return fail(from);
  const auto alone = co_await locks_.lock(site->path.string());

  Builder builder(git_, locks_, *site, from->common_dir);
  auto there = co_await existing(builder, request.is_scaffold);
  if (!there) co_return fail(there);
  if (*there) co_return std::move(**there);
  Seed seed{from->commit, request.scaffold, request.is_scaffold, from->branch_tip.empty()};
  auto built = co_await builder.build(std::move(seed));
  if (!built) co_return fail(built);
  const auto handed_out = builder.hand_out(built->checkout, *built->marker, request.scaffold);
  if (!handed_out) {
    co_await builder.undo(std::move(*built));
    co_return fail(handed_out.error());
  }
  co_return worktree_of(*site, std::move(*built->marker));
}

// A whole checkout is never made anew: there may be work in it.
reactor::Task<Result<std::optional<Worktree>>> Worktrees::existing(Builder& builder, const IsScaffold& is_scaffold) {
  const Site site = builder.site();
  const auto found = co_await builder.present_whole();
  if (!found) co_return fail(found.error());
  const auto& checkout = *found;
  if (!checkout) co_return std::nullopt;
  auto marker = read_marker(*checkout);
  if (marker && marker->task_id != site.task_id) co_return fail(foreign_worktree(site));
  if (marker && marker->complete()) co_return worktree_of(site, std::move(*marker));
  const auto scaffold = co_await git_.oldest_of_ours(site.repository, site.branch, scaffold_subject(site.task_id));
  if (scaffold && scaffold->has_value()) {
    auto adopted = co_await adopt(git_, site, **scaffold, is_scaffold);
    if (!adopted) co_return fail(adopted);
    if (auto written = write_marker(*checkout, *adopted); !written) co_return fail(written);
    co_return worktree_of(site, std::move(*adopted));
  }
  // Left by a daemon that was killed while it made it: with a marker it is ours and was never handed out, without one
  // it goes only when git finds nothing in it.
  log::warn("task {}: its worktree was left half made, making it again", site.task_id.value);
  const auto removal = marker ? git::Removal::kForce : git::Removal::kClean;
  const auto removed = co_await git_.remove_worktree(site.repository, site.path, removal);
  if (!removed) co_return fail(foreign_worktree(site));
  co_return std::nullopt;
}

// The board's memory counts; the marker and the branch stand in for what it does not know.
reactor::Task<Result<Worktree>> Worktrees::resume(Worktree known) {
  auto site = layout_.site(known.task_id, known.repository);
  if (!site) co_return fail(site);
  const auto repository = co_await git_.find_repository(site->repository);
  if (!repository) co_return fail(repository.error());
  const auto alone = co_await locks_.lock(site->path.string());

  Builder builder(git_, locks_, *site, repository->common_dir);
  auto checkout = co_await builder.present_whole();
  if (!checkout) co_return fail(checkout);
  const bool was_there = checkout->has_value();
  if (!was_there) {
    auto built = co_await builder.attach();
    if (!built) co_return fail(built);
    *checkout = std::move(built->checkout);
  }
  Marker marker{known.task_id, known.base_commit, known.baseline_commit, known.user_files};
  if (!marker.complete()) {
    const auto baseline = co_await find_baseline(*site, **checkout);
    if (!baseline) co_return fail(baseline.error());
    marker = *baseline;
  }
  const auto ready = was_there ? write_marker(**checkout, marker) : builder.hand_out(**checkout, marker, {});
  if (!ready) co_return fail(ready.error());
  co_return worktree_of(*site, std::move(marker));
}

reactor::Task<Result<Worktree>> Worktrees::load(TaskId task, std::filesystem::path repository) {
  auto site = layout_.site(task, repository);
  if (!site) co_return fail(site);
  const auto alone = co_await locks_.lock(site->path.string());
  const auto opened = open_site(*site);
  if (!opened) co_return fail(opened.error());
  auto marker = co_await find_baseline(*site, opened->checkout);
  if (!marker) co_return fail(marker);
  co_return worktree_of(*site, std::move(*marker));
}

reactor::Task<Result<Marker>> Worktrees::find_baseline(Site site, git::Checkout checkout) {
  if (auto marker = read_marker(checkout); marker && marker->complete() && marker->task_id == site.task_id)
    co_return std::move(*marker);
  const auto scaffold = co_await git_.oldest_of_ours(site.repository, site.branch, scaffold_subject(site.task_id));
  if (!scaffold) co_return fail(scaffold.error());
  if (!scaffold->has_value())
    co_return fail(Errc::kUnprocessable, "the branch " + site.branch + " holds no scaffold commit to measure against",
                   "no_baseline");
  co_return co_await adopt(git_, std::move(site), **scaffold, {});
}

}  // namespace baton::worktree
