#include "worktree/layout.hpp"

#include <system_error>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashLength = 12;  // contract §4.2

fs::path normal(const fs::path& path) {
  fs::path out = path.lexically_normal();
  if (!out.has_filename() && out.has_relative_path()) out = out.parent_path();  // a final slash
  return out;
}

// git's rules for a ref name (check-ref-format) that is_safe_id does not cover.
bool can_be_in_a_ref(const std::string& id) {
  return id.find("..") == std::string::npos && !id.ends_with('.') && !id.ends_with(".lock");
}

}  // namespace

std::string branch_of(const TaskId& task) { return "clawboo/task-" + task.value; }

Layout::Layout(const fs::path& state)
    : worktrees_(normal(fs::absolute(state)) / "worktrees"),
      reviews_(normal(fs::absolute(state)) / "reviews"),
      scratch_(normal(fs::absolute(state)) / "scratch") {}

Result<Site> Layout::site(const TaskId& task, const fs::path& repository) const {
  if (!is_safe_id(task.value) || !can_be_in_a_ref(task.value))
    return fail(
        Errc::kInvalid,
        "the task id " + text::shell_quoted(text::shortened(task.value)) + " cannot name a directory and a branch",
        "unsafe_task_id");
  if (!repository.is_absolute())
    return fail(
        Errc::kUnprocessable,
        "the repository's path must be absolute, not " + text::shell_quoted(text::shortened(repository.string())),
        "not_a_repository");
  Site site;
  site.task_id = task;
  site.repository = normal(repository);
  site.path = worktrees_ / sha1_hex(site.repository.string()).substr(0, kHashLength) / task.value;
  site.branch = branch_of(task);
  return site;
}

Result<Site> Layout::site_at(const TaskId& task, const fs::path& repository, const fs::path& path) const {
  auto found = site(task, repository);
  if (!found || normal(path) == found->path) return found;
  return fail(Errc::kInvalid,
              "the worktree " + path.string() + " does not belong to task " + task.value + " of " + repository.string(),
              "wrong_path");
}

Result<fs::path> Layout::folder_of(const fs::path& repository) const {
  const auto any = site(TaskId("any"), repository);
  if (!any) return fail(any.error());
  return any->path.parent_path();
}

bool Layout::may_hold_worktree(const fs::path& path) const {
  std::error_code error;
  const fs::path folder = normal(path).parent_path().parent_path();
  return is_safe_id(normal(path).filename().string()) &&
         (folder == worktrees_ || fs::equivalent(folder, worktrees_, error));
}

Result<fs::path> Layout::reviews_of(const fs::path& repository) const {
  const auto any = site(TaskId("any"), repository);  // for the rules about a repository's path
  if (!any) return fail(any.error());
  return reviews_ / any->path.parent_path().filename();
}

Result<fs::path> Layout::scratch(const std::string& name) const {
  if (!is_safe_id(name)) return fail(Errc::kInvalid, text::shell_quoted(name) + " cannot name a directory");
  return scratch_ / name;
}

bool Layout::is_scratch(const fs::path& path) const {
  const fs::path one = normal(path);
  return one.parent_path() == scratch_ && is_safe_id(one.filename().string());
}

fs::path orphans_of(const Site& site) { return site.path.parent_path() / kOrphans; }

}  // namespace baton::worktree
