#include "worktree/save.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> existing(const fs::path& directory, std::vector<std::string> names) {
  std::error_code error;
  std::erase_if(names,
                [&](const std::string& name) { return !fs::exists(fs::symlink_status(directory / name, error)); });
  return names;
}

// A git that was killed leaves its lock behind, and nothing could ever be saved here again. No command holds it for so
// long: ours have a deadline, and an agent's are short.
void drop_stale_lock(const git::Checkout& checkout) {
  constexpr auto kOld = 10 * limits::kGitTimeout;
  const fs::path lock = checkout.git_dir / "index.lock";
  std::error_code error;
  const auto written = fs::last_write_time(lock, error);
  if (error || fs::file_time_type::clock::now() - written < kOld) return;
  if (fs::remove(lock, error)) log::warn("removed {}, which a killed git left behind", lock.string());
}

}  // namespace

reactor::Task<Result<Saved>> save_work(git::Git& git, git::Checkout checkout, std::vector<std::string> own_names,
                                       std::string message) {
  drop_stale_lock(checkout);
  const auto unhidden = co_await git.unhide(checkout);
  if (!unhidden) co_return fail(unhidden.error());
  const auto own = existing(checkout.path, std::move(own_names));
  if (!own.empty()) {
    const auto staged = co_await git.stage(checkout, own);
    if (!staged) co_return fail(staged.error());
  }
  auto status = co_await git.status(checkout);
  if (!status) co_return fail(status);
  Saved saved{false, status->head, status->branch, status->nested};
  if (!status->changed && status->untracked.empty()) co_return saved;

  const auto staged = co_await git.stage_all(checkout, status->nested);
  if (!staged) co_return fail(staged.error());
  auto head = co_await git.commit(checkout, std::move(message));
  if (!head) co_return fail(head);
  saved.committed = true;
  saved.head = std::move(*head);
  co_return saved;
}

}  // namespace baton::worktree
