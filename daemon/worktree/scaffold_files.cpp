#include "worktree/scaffold_files.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "handoff/sor_files.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string with_unix_line_ends(std::string_view text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (!text.substr(at).starts_with("\r\n")) kept += text[at];
  return kept;
}

const handoff::ScaffoldFile* named(const std::vector<handoff::ScaffoldFile>& files, std::string_view name) {
  const auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.name == name; });
  return found == files.end() ? nullptr : &*found;
}

}  // namespace

reactor::Task<Result<std::vector<std::string>>> user_files_at(git::Git& git, fs::path repository, std::string commit,
                                                              IsScaffold is_scaffold) {
  std::vector<std::string> users;
  const auto names = co_await git.names_at(repository, commit, own_names({}));
  if (!names) co_return fail(names.error());
  for (const auto& name : *names) {
    const auto content = co_await git.file_at(repository, commit, name);
    const bool readable = content && content->has_value();
    if (!content && content.error().code != Errc::kTooLarge) co_return fail(content.error());
    const bool earlier_task = readable && is_scaffold && is_scaffold(name, with_unix_line_ends(**content));
    if (!earlier_task) users.push_back(name);
  }
  co_return users;
}

std::string scaffold_subject(const TaskId& task) { return "clawboo: scaffold task " + task.value; }

Result<git::NewCommit> scaffold_commit(const Site& site, std::string base,
                                       const std::vector<handoff::ScaffoldFile>& scaffold,
                                       const std::vector<std::string>& user_files) {
  git::NewCommit commit{site.branch, std::move(base), scaffold_subject(site.task_id), {}, {}};
  for (const auto& file : scaffold) {
    if (!handoff::is_sor_file(file.name)) return fail(Errc::kInvalid, file.name + " is not a name of a scaffold file");
    if (!holds(user_files, file.name)) commit.files.push_back({file.name, file.content, file.executable});
  }
  for (auto& name : own_names(user_files))
    if (named(scaffold, name) == nullptr) commit.removed.push_back(std::move(name));
  return commit;
}

Result<Unit> settle_scaffold(const fs::path& checkout, const std::vector<handoff::ScaffoldFile>& scaffold,
                             const std::vector<std::string>& user_files) {
  for (const auto& name : own_names(user_files)) {
    const fs::path file = checkout / name;
    const auto* wanted = named(scaffold, name);
    std::error_code error;
    const bool there = fs::exists(fs::symlink_status(file, error));
    const auto content = small_file(file);
    const bool converted = content && content->find("\r\n") != std::string::npos;
    if (there ? !converted : wanted == nullptr) continue;
    const auto text = converted ? with_unix_line_ends(*content) : wanted->content;
    if (auto written = put_file(file, text, name == handoff::kInitFile); !written) return written;
  }
  return Unit{};
}

std::vector<std::string> own_names(const std::vector<std::string>& user_files) {
  std::vector<std::string> names;
  for (const auto name : handoff::kSorFiles)
    if (!holds(user_files, name)) names.emplace_back(name);
  return names;
}

}  // namespace baton::worktree
