// Reads git's machine formats. Records end with a zero byte (-z), so any file name goes through unquoted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/types.hpp"

namespace baton::git {

// 40 or 64 lower-case hex digits (SHA-1 or SHA-256 repositories).
bool is_commit_id(std::string_view text);

// rev-parse --git-common-dir --is-bare-repository [commit [tip]]: one line each; the directory may hold newlines.
// `commit` and `branch_tip` are empty when git did not print them.
std::optional<Resolved> parse_resolved(std::string_view text);

Status parse_status(std::string_view text);                      // status --porcelain=v2 --branch -z
std::vector<FileChange> parse_numstat(std::string_view text);    // diff --numstat -z
std::vector<Registered> parse_worktrees(std::string_view text);  // worktree list --porcelain -z
std::vector<Ref> parse_refs(std::string_view text);              // for-each-ref '%(objectname) %(refname)'
std::vector<std::string> parse_gitlinks(std::string_view text);  // ls-files --stage -z: the paths of submodules

// ls-files -v -z: what git was told not to look at.
struct Hidden {
  std::vector<std::string> skipped;  // skip-worktree, as in a sparse checkout
  std::vector<std::string> assumed;  // assume-unchanged
};
Hidden parse_hidden(std::string_view text);

// ls-files --others --ignored --directory -z: directories end with '/'; what lies below one of them is left out.
std::vector<std::string> parse_ignored(std::string_view text);

std::vector<std::string> parse_names(std::string_view text);  // ls-tree --name-only -z

// log --format='%H %P%x00%ae%x00%s%x00', newest first: the last one with this author and exactly this subject.
std::optional<Commit> parse_oldest(std::string_view text, std::string_view author, std::string_view subject);

// cat-file --batch for one object: its content; nothing when it is missing or no file.
std::optional<std::string> parse_blob(std::string_view text);

}  // namespace baton::git
