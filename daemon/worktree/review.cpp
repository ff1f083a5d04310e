// A commit to look at: a detached checkout under <state>/reviews. Who reviews work must not see what its author goes on
// changing, and must not change it. A lock that says so marks it (kReviewLock), from the moment that git registers it.
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/fault_point.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "git/checkout.hpp"
#include "worktree/opened.hpp"
#include "worktree/worktrees.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShortCommit = 12;  // contract §4.2
constexpr int kOfOneCommit = 16;          // more who look at once have forgotten theirs

// The first free name for a review of `commit` in `folder`.
Result<std::string> free_id(const fs::path& folder, const std::string& commit) {
  const auto first = commit.substr(0, kShortCommit);
  for (int n = 1; n <= kOfOneCommit; ++n) {
    const auto id = n == 1 ? first : first + "." + std::to_string(n);
    std::error_code error;
    if (!fs::exists(fs::symlink_status(folder / id, error))) return id;
  }
  return fail(Errc::kConflict, "too many reviews of " + first + " are open; close one", "too_many_reviews");
}

// Whatever is left of one. Only what lies in our folder for reviews comes here.
reactor::Task<Result<Unit>> take_away(git::Git& git, KeyedMutex& locks, fs::path path) {
  std::error_code error;
  if (const auto checkout = git::open_checkout(path)) {
    const fs::path common_dir = fs::weakly_canonical(checkout->git_dir.parent_path().parent_path(), error);
    const auto alone = co_await locks.lock(common_dir.string());
    auto removed = co_await git.remove_worktree(common_dir, path, git::Removal::kEvenLocked);
    if (removed) co_return removed;
    log::warn("{}", removed.error().what);
  }
  if (!fs::exists(fs::symlink_status(path, error))) co_return Unit{};
  co_return co_await git.remove_tree(std::move(path));
}

std::vector<fs::path> entries_of(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    found.push_back(at->path());
  return found;
}

}  // namespace

reactor::Task<Result<Review>> Worktrees::provision_review(fs::path repository, std::string revision) {
  const auto folder = layout_.reviews_of(repository);
  if (!folder) co_return fail(folder.error());
  auto from = co_await git_.resolve(repository, std::move(revision));
  if (!from) co_return fail(from);
  std::error_code error;
  const fs::path common_dir = fs::weakly_canonical(from->common_dir, error);
  Review review{{}, {}, from->commit};
  {
    const auto alone = co_await locks_.lock(common_dir.string());
    auto id = free_id(*folder, review.commit);
    if (!id) co_return fail(id);
    review.id = std::move(*id);
    review.path = *folder / review.id;
    fs::create_directories(*folder, error);
    git::NewWorktree wanted{review.path, {}, review.commit, std::string(kReviewLock)};
    auto added = co_await git_.add_worktree(repository, std::move(wanted));
    if (!added) co_return fail(added);
  }
  fault_point("review.added");
  const auto checkout = git::open_checkout(review.path);
  Result<Unit> filled = fail(Errc::kInternal, "git did not register the worktree " + review.path.string());
  if (checkout) filled = co_await git_.check_out(*checkout);
  if (filled) co_return review;
  static_cast<void>(co_await take_away(git_, locks_, review.path));
  co_return fail(filled);
}

reactor::Task<Result<Unit>> Worktrees::remove_review(fs::path repository, std::string id) {
  const auto folder = layout_.reviews_of(repository);
  if (!folder) co_return fail(folder.error());
  std::error_code error;
  const bool named = is_safe_id(id) && fs::exists(fs::symlink_status(*folder / id, error));
  if (!named) co_return fail(Errc::kNotFound, "there is no review " + id.substr(0, limits::kQuoted), "no_review");
  co_return co_await take_away(git_, locks_, *folder / id);
}

reactor::Task<> Worktrees::sweep_reviews() {
  for (const auto& folder : entries_of(layout_.reviews())) {
    for (const auto& path : entries_of(folder)) {
      const auto gone = co_await take_away(git_, locks_, path);
      if (!gone) log::warn("a review was left behind: {}", gone.error().what);
    }
  }
}

}  // namespace baton::worktree
