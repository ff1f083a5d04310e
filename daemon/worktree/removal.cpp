#include "worktree/removal.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

fs::path note_of(const git::Checkout& checkout) { return checkout.git_dir / "baton-removing"; }

void drop_note(const git::Checkout& checkout) {
  std::error_code ignored;
  fs::remove(note_of(checkout), ignored);
}

bool mentions(const Error& error, std::string_view words) { return error.what.find(words) != std::string::npos; }

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

// git does not look into the directory of a submodule that it did not fill itself, and would delete what lies there.
Result<Unit> check_submodules(const git::Checkout& checkout, const std::vector<std::string>& submodules) {
  for (const auto& path : submodules) {
    std::error_code error;
    const fs::path directory = checkout.path / path;
    if (fs::exists(directory, error) && !fs::is_empty(directory, error))
      return fail(nested_repository(checkout.path, path));
  }
  return Unit{};
}

// git refuses to remove a worktree that ever had a submodule; none of them holds anything now.
reactor::Task<Result<Unit>> remove_with_submodules(git::Git& git, Site site, git::Checkout checkout) {
  const auto status = co_await git.status(checkout);
  if (!status) co_return fail(status.error());
  if (!status->clean()) co_return fail(still_changing(checkout.path));
  co_return co_await git.remove_worktree(site.repository, checkout.path, git::Removal::kForce);
}

}  // namespace

reactor::Task<Result<std::vector<SizedPath>>> remove_saved(git::Git& git, Site site, git::Checkout checkout,
                                                           Saved saved, IgnoredRule rule) {
  if (!saved.nested.empty()) co_return fail(nested_repository(checkout.path, saved.nested.front()));
  if (auto checked = check_submodules(checkout, saved.submodules); !checked) co_return fail(checked);
  if (auto noted = put_file(note_of(checkout), "everything is committed\n"); !noted) co_return fail(noted);
  fault_point("removal.noted");
  Result<SetAside> ignored;
  if (saved.ignores) ignored = co_await SetAside::ignored_of(git, site, checkout, rule);
  if (!ignored) {
    drop_note(checkout);
    co_return fail(ignored.error());
  }
  fault_point("removal.ignored_kept");
  auto removed = co_await git.remove_worktree(site.repository, checkout.path, git::Removal::kClean);
  if (!removed && mentions(removed.error(), "submodules"))
    removed = co_await remove_with_submodules(git, site, checkout);
  if (removed) {
    fault_point("removal.removed");
    co_return ignored->left();
  }
  const auto code = removed.error().code;
  if (code != Errc::kTimeout && code != Errc::kCancelled) {  // git refused before it deleted anything
    ignored->put_back();
    drop_note(checkout);
  }
  if (mentions(removed.error(), "contains modified or untracked files")) co_return fail(still_changing(checkout.path));
  co_return fail(removed);
}

bool is_half_removed(const git::Checkout& checkout) {
  std::error_code error;
  return fs::exists(note_of(checkout), error);
}

reactor::Task<Result<bool>> finish_removal(git::Git& git, Site site, git::Checkout checkout) {
  const auto status = co_await git.status(checkout);
  if (!status) co_return fail(status.error());
  if (status->edited || !status->untracked.empty() || !status->nested.empty()) {
    drop_note(checkout);
    co_return false;
  }
  const IgnoredRule everything;
  const auto ignored = co_await SetAside::ignored_of(git, site, checkout, everything);
  if (!ignored) co_return fail(ignored.error());
  log::warn("task {}: its removal was interrupted and is finished now", site.task_id.value);
  const auto removed = co_await git.remove_worktree(site.repository, checkout.path, git::Removal::kForce);
  if (!removed) co_return fail(removed.error());
  co_return true;
}

}  // namespace baton::worktree
