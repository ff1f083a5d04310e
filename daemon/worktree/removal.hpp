// Takes a checkout away whose content is committed. What git ignores in it is kept beside the worktrees (ignored.hpp).
//
// Removing a large tree takes time, and the daemon may be killed in the middle. A half removed tree looks like one in
// which somebody deleted files; saving that would put the deletions on the branch. So a note in the private git
// directory says, before anything is deleted, that everything was saved.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/ignored.hpp"
#include "worktree/layout.hpp"
#include "worktree/save.hpp"

namespace baton::worktree {

// After save_work(), which gave `saved`. git itself refuses when something changed since; submodules that hold files
// are kept too. Returns the ignored files that went with the tree, by force. kConflict "nested_repository",
// "ignored_files", "still_changing".
reactor::Task<Result<std::vector<SizedPath>>> remove_saved(git::Git& git, Site site, git::Checkout checkout,
                                                           Saved saved, IgnoredRule rule);

bool is_half_removed(const git::Checkout& checkout);  // by its note

// For a checkout with that note. True: only deletions were found, and the rest is removed now. False: there is more in
// it, so it counts as whole again.
reactor::Task<Result<bool>> finish_removal(git::Git& git, Site site, git::Checkout checkout);

}  // namespace baton::worktree
