// Reads git's machine formats. Records end with a zero byte (-z), so any file name goes through unquoted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "git/types.hpp"

namespace baton::git {

// 40 or 64 lower-case hex digits (SHA-1 or SHA-256 repositories).
bool is_commit_id(std::string_view text);

// rev-parse --git-common-dir --is-bare-repository [commit [tip]]: one line each; the directory may hold newlines.
// `commit` and `branch_tip` are empty when git did not print them.
std::optional<Resolved> parse_resolved(std::string_view text);

Status parse_status(std::string_view text);                      // status --porcelain=v2 --branch --ignored=matching -z
std::vector<FileChange> parse_numstat(std::string_view text);    // diff --numstat -z
std::vector<Registered> parse_worktrees(std::string_view text);  // worktree list --porcelain -z
// for-each-ref '%(refname)%00%(objectname)%00%(committerdate:unix)%00%(subject)%00'
std::vector<DescribedRef> parse_described_refs(std::string_view text);
std::vector<Ref> parse_refs(std::string_view text);              // for-each-ref '%(objectname) %(refname)'
std::vector<std::string> parse_gitlinks(std::string_view text);  // ls-files --stage -z: the paths of submodules

// ls-files -v --stage -z: what git was told not to look at, and what is no file.
struct IndexFlags {
  std::vector<std::string> skipped;     // skip-worktree, as in a sparse checkout
  std::vector<std::string> assumed;     // assume-unchanged
  std::vector<std::string> submodules;  // also a repository that was added like a file
};
IndexFlags parse_index(std::string_view text);

// ls-files --others --ignored --directory -z: directories end with '/'; what lies below one of them is left out.
std::vector<std::string> parse_ignored(std::string_view text);

// du --block-size=1 --null: names with their bytes.
std::vector<std::pair<std::string, std::uint64_t>> parse_disk_usage(std::string_view text);

std::vector<std::string> parse_names(std::string_view text);  // ls-tree --name-only -z

// log --format='%H %P%x00%ae%x00%s%x00', newest first: the last one with this author and exactly this subject.
std::optional<Commit> parse_oldest(std::string_view text, std::string_view author, std::string_view subject);

// cat-file --batch for one object: its content; nothing when it is missing or no file.
std::optional<std::string> parse_blob(std::string_view text);

}  // namespace baton::git
