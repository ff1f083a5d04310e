#include "worktree/removal.hpp"

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "worktree/leaving.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

Error nested_repository(const fs::path& checkout, const std::string& name) {
  return {Errc::kConflict,
          "the worktree " + checkout.string() + " holds files in " + name +
              ", which git takes for a repository of its own and cannot commit here: push or move it",
          "nested_repository"};
}

Error still_changing(const fs::path& checkout) {
  return {Errc::kConflict,
          "files in " + checkout.string() + " changed while they were saved: is something still running there?",
          "still_changing"};
}

Error locked(const fs::path& checkout) {
  return {Errc::kConflict, "the worktree " + checkout.string() + " is locked; `git worktree unlock` ends that",
          "worktree_locked"};
}

// git does not look into the directory of a submodule that it did not fill itself, and what lies there would be lost.
Result<Unit> check_submodules(const git::Checkout& checkout, const std::vector<std::string>& submodules) {
  for (const auto& path : submodules) {
    std::error_code error;
    const fs::path directory = checkout.path / path;
    if (fs::exists(directory, error) && !fs::is_empty(directory, error))
      return fail(nested_repository(checkout.path, path));
  }
  return Unit{};
}

Result<Unit> check_removable(const git::Checkout& checkout, const Saved& saved) {
  if (!saved.nested.empty()) return fail(nested_repository(checkout.path, saved.nested.front()));
  if (is_there(checkout.git_dir / "locked")) return fail(locked(checkout.path));
  return check_submodules(checkout, saved.submodules);
}

// Where it is now nobody finds it by its name any more.
reactor::Task<Result<Unit>> check_unchanged(git::Git& git, Site site, fs::path git_dir, Saved saved) {
  git::Checkout moved{leaving_place(site), std::move(git_dir)};
  const auto status = co_await git.status(std::move(moved));
  if (!status) co_return fail(status.error());
  const bool same = status->clean() && status->head == saved.head && status->branch == saved.branch &&
                    (saved.ignores || status->ignored.empty());
  if (!same) co_return fail(still_changing(site.path));
  co_return Unit{};
}

// git said no and did nothing. After a signal or a deadline nobody knows how far it came.
bool is_refusal(const Error& error) { return error.what.find("failed (exit 128)") != std::string::npos; }

// From leaving_place(): drops the registration, whose directory is gone for git, and deletes the tree. What cannot be
// deleted does not matter to the caller: the next collection tries again.
reactor::Task<Result<Unit>> delete_left(git::Git& git, Site site, fs::path git_dir, git::Removal removal) {
  const auto condemned = condemn(site);
  if (!condemned) co_return fail(condemned.error());
  fault_point("removal.condemned");
  const auto dropped = co_await git.remove_worktree(site.repository, site.path, removal);
  if (!dropped && is_there(git_dir)) {
    std::error_code error;
    if (is_refusal(dropped.error()) && !is_there(site.path)) fs::rename(*condemned, site.path, error);
    co_return fail(dropped.error());
  }
  fault_point("removal.unregistered");
  const auto removed = co_await git.remove_tree(*condemned);
  if (!removed) log::warn("task {}: {}", site.task_id.value, removed.error().what);
  fault_point("removal.removed");
  co_return Unit{};
}

reactor::Task<Result<Unit>> take_away(git::Git& git, Site site, fs::path git_dir, Saved saved) {
  if (auto moved = move_out(site); !moved) co_return moved;
  fault_point("removal.moved");
  auto done = co_await check_unchanged(git, site, git_dir, std::move(saved));
  if (done) done = co_await delete_left(git, site, std::move(git_dir), git::Removal::kForce);
  if (!done) {
    if (const auto back = move_back(site); !back) log::error("task {}: {}", site.task_id.value, back.error().what);
  }
  co_return done;
}

}  // namespace

reactor::Task<Result<std::vector<SizedPath>>> remove_saved(git::Git& git, Site site, git::Checkout checkout,
                                                           Saved saved, IgnoredRule rule) {
  if (auto checked = check_removable(checkout, saved); !checked) co_return fail(checked);
  Result<SetAside> ignored;
  if (saved.ignores) ignored = co_await SetAside::ignored_of(git, site, checkout, rule);
  if (!ignored) co_return fail(ignored.error());
  fault_point("removal.ignored_kept");
  const auto removed = co_await take_away(git, site, checkout.git_dir, std::move(saved));
  if (removed) co_return ignored->left();
  if (is_there(site.path)) co_await ignored->put_back(git.loop());  // the checkout stays after all
  co_return fail(removed.error());
}

reactor::Task<Result<Unit>> remove_half_made(git::Git& git, Site site, git::Checkout checkout) {
  if (auto moved = move_out(site); !moved) co_return moved;
  auto done = co_await delete_left(git, site, checkout.git_dir, git::Removal::kEvenLocked);
  if (!done) {
    if (const auto back = move_back(site); !back) log::error("task {}: {}", site.task_id.value, back.error().what);
  }
  co_return done;
}

}  // namespace baton::worktree
