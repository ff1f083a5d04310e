#include "worktree/opened.hpp"

#include <system_error>
#include <utility>

#include "git/checkout.hpp"
#include "handoff/sor_files.hpp"
#include "worktree/leaving.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {

namespace fs = std::filesystem;

Error broken(const Site& site, const fs::path& damaged) {
  return {Errc::kConflict,
          "the worktree " + site.path.string() + " cannot be used: " + damaged.string() +
              " is damaged, `git fsck` and " + "`git worktree repair` may help; the files in it are untouched",
          "broken_worktree"};
}

bool is_being_made(const git::Checkout& checkout) {
  return small_file(checkout.git_dir / "locked").value_or("").starts_with("initializing");
}

bool is_half_made(const git::Checkout& checkout) {
  return small_file(checkout.git_dir / "locked").value_or("").starts_with(kMakingLock);
}

Result<Unit> unlock_made(const git::Checkout& checkout) {
  std::error_code error;
  if (is_being_made(checkout)) fs::remove(checkout.git_dir / "locked", error);
  if (!error) return Unit{};
  return fail(Errc::kIo, "cannot unlock the worktree " + checkout.path.string() + ": " + error.message());
}

Result<bool> is_there(const Site& site) {
  std::error_code error;
  if (auto back = move_back(site); !back) return fail(back);
  const bool there = fs::exists(site.path, error);
  if (!error) return there;
  return fail(Errc::kUnavailable, "cannot reach " + site.path.string() + ": " + error.message(),
              "checkout_unreachable");
}

void drop_half_written(const git::Checkout& checkout) {
  std::error_code ignored;
  for (const auto name : handoff::kSorFiles) fs::remove(name_beside(checkout.path / name), ignored);
}

Result<Opened> open_site(const Site& site) {
  std::error_code error;
  const auto there = is_there(site);
  if (!there) return fail(there.error());
  if (!*there)
    return fail(Errc::kConflict, "the worktree of task " + site.task_id.value + " is not checked out", "no_checkout");
  auto checkout = git::open_checkout(site.path);
  fs::path common_dir;
  if (checkout) common_dir = fs::weakly_canonical(checkout->git_dir.parent_path().parent_path(), error);
  if (!checkout || error)
    return fail(Errc::kConflict,
                site.path.string() + " and its repository no longer name each other; `git worktree repair` may help",
                "broken_worktree");
  if (is_being_made(*checkout))
    return fail(Errc::kConflict,
                "the worktree of task " + site.task_id.value + " was left half made; provision it again",
                "no_checkout");
  if (auto damaged = git::damage_of(*checkout)) return fail(broken(site, *damaged));
  drop_half_written(*checkout);
  return Opened{std::move(*checkout), common_dir.string()};
}

}  // namespace baton::worktree
