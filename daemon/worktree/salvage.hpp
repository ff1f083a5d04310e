// Keeps what a reset or a removal would lose, under numbers of the task, counted from 1 and never given twice at a
// time:
//
//   refs/baton/salvage/<task>/<n>        a commit that no branch leads to
//   <…>/.orphans/<task id>.ignored.<n>   files that git ignored (ignored.hpp)
//   <…>/.orphans/<task id>.ref.<n>       an empty file: its time is when the ref was made, which git does not know
//
// `git branch rescued refs/baton/salvage/<task>/<n>` brings a commit back.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

inline constexpr std::string_view kSalvageRefs = "refs/baton/salvage/";

// "<task>/<n>" in a ref of ours or in the name of a set; n is 0 for anything else.
struct SalvageName {
  std::string task;
  int n = 0;
};
SalvageName name_in_ref(std::string_view ref);
SalvageName name_in_file(std::string_view file_name, std::string_view kind);  // kind: "ignored" or "ref"

// The places of number `n`.
std::string salvage_ref(const TaskId& task, int n);
std::filesystem::path salvage_set(const Site& site, int n);
std::filesystem::path salvage_time(const Site& site, int n);

// The ref's name; the ref that keeps the commit already, when there is one, kept as long as a new one would be. The
// caller holds the repository's lock, as for retire_branch().
reactor::Task<Result<std::string>> keep_commit(git::Git& git, Site site, std::string commit);

// Keeps `tip` under a salvage ref and deletes the branch that is there, both or neither.
reactor::Task<Result<std::string>> retire_branch(git::Git& git, Site site, std::string tip);

// A number that neither a set nor one of `refs` has.
int free_number(const Site& site, const std::vector<git::Ref>& refs);

}  // namespace baton::worktree
