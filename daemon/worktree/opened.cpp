#include "worktree/opened.hpp"

#include <system_error>
#include <utility>

#include "git/checkout.hpp"

namespace baton::worktree {

namespace fs = std::filesystem;

Result<Opened> open_site(const Site& site) {
  std::error_code error;
  if (!fs::exists(site.path, error))
    return fail(Errc::kConflict, "the worktree of task " + site.task_id.value + " is not checked out", "no_checkout");
  auto checkout = git::open_checkout(site.path);
  fs::path common_dir;
  if (checkout) common_dir = fs::weakly_canonical(checkout->git_dir.parent_path().parent_path(), error);
  if (!checkout || error)
    return fail(Errc::kConflict,
                site.path.string() + " and its repository no longer name each other; `git worktree repair` may help",
                "broken_worktree");
  return Opened{std::move(*checkout), common_dir.string()};
}

}  // namespace baton::worktree
