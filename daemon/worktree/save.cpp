#include "worktree/save.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/fault_point.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Of `own_names`, which lie at the root, those that exist and that git ignores.
std::vector<std::string> hidden_by_rules(std::vector<std::string> own_names, const std::vector<std::string>& ignored) {
  std::erase_if(own_names,
                [&](const std::string& name) { return !holds(ignored, name) && !holds(ignored, name + "/"); });
  return own_names;
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

reactor::Task<Result<Seen>> look_at(git::Git& git, git::Checkout checkout, std::vector<std::string> own_names) {
  drop_stale_lock(checkout);
  auto submodules = co_await git.unhide(checkout);
  if (!submodules) co_return fail(submodules);
  auto status = co_await git.status(checkout);
  if (!status) co_return fail(status);
  const auto own = hidden_by_rules(std::move(own_names), status->ignored);
  if (!own.empty()) {
    const auto staged = co_await git.stage(checkout, own);
    if (!staged) co_return fail(staged.error());
    status = co_await git.status(checkout);
    if (!status) co_return fail(status);
  }
  co_return Seen{std::move(*status), std::move(*submodules)};
}

reactor::Task<Result<Saved>> save_seen(git::Git& git, git::Checkout checkout, Seen seen, std::string message) {
  auto& status = seen.status;
  Saved saved{false, status.head, status.branch, status.nested, std::move(seen.submodules), !status.ignored.empty()};
  if (!status.changed && status.untracked.empty()) co_return saved;

  const auto staged = co_await git.stage_all(checkout, status.nested);
  if (!staged) co_return fail(staged.error());
  fault_point("save.staged");
  auto head = co_await git.commit(checkout, std::move(message));
  if (!head) co_return fail(head);
  fault_point("save.committed");
  auto submodules = co_await git.submodules(checkout);  // what was staged may be one
  if (!submodules) co_return fail(submodules);
  saved.submodules = std::move(*submodules);
  saved.committed = true;
  saved.head = std::move(*head);
  co_return saved;
}

reactor::Task<Result<Saved>> save_work(git::Git& git, git::Checkout checkout, std::vector<std::string> own_names,
                                       std::string message) {
  auto seen = co_await look_at(git, checkout, std::move(own_names));
  if (!seen) co_return fail(seen);
  co_return co_await save_seen(git, std::move(checkout), std::move(*seen), std::move(message));
}

}  // namespace baton::worktree
