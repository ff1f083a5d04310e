// The scaffold and what a user's repository already has under the same six names: which is whose, the commit that lays
// ours beside theirs, and what a checkout may have made of ours.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "handoff/scaffold_file.hpp"
#include "reactor/task.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

using IsScaffold = std::function<bool(std::string_view name, std::string_view content)>;

// Of the six names at the root of a commit, those that are the user's: there, and not what a scaffold of an earlier
// task wrote. `is_scaffold` sees line ends as \n; it may be empty.
reactor::Task<Result<std::vector<std::string>>> user_files_at(git::Git& git, std::filesystem::path repository,
                                                              std::string commit, IsScaffold is_scaffold);

// "clawboo: scaffold task <id>"
std::string scaffold_subject(const TaskId& task);

// The first commit of a task's branch: the files but the user's, and without a hand-off that an earlier task left
// behind, since the next runtime would believe it. kInvalid for a name that is none of the six.
Result<git::NewCommit> scaffold_commit(const Site& site, std::string base,
                                       const std::vector<handoff::ScaffoldFile>& scaffold,
                                       const std::vector<std::string>& user_files);

// After a checkout: our files end their lines with \n, whatever the repository asks for (a shell does not run init.sh
// otherwise), and those of `scaffold` are there, also where it is sparse.
Result<Unit> settle_scaffold(const std::filesystem::path& checkout, const std::vector<handoff::ScaffoldFile>& scaffold,
                             const std::vector<std::string>& user_files);

// The names that never count as work: the six but the user's.
std::vector<std::string> own_names(const std::vector<std::string>& user_files);

}  // namespace baton::worktree
