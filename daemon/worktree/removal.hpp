// Takes a checkout away whose content is committed. What git ignores in it is kept beside the worktrees (ignored.hpp).
//
// It leaves its place first (leaving.hpp), then git looks once more whether all of it is committed, which is the last
// guard against something that still writes there, and only then anything is deleted. A kill at any time leaves a whole
// checkout, or a tree that the next repeat or collection deletes.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/ignored.hpp"
#include "worktree/layout.hpp"
#include "worktree/save.hpp"

namespace baton::worktree {

// After save_work(), which gave `saved`. Nothing is removed when something changed since, or when submodules hold
// files. Returns the ignored files that went with the tree, by force. kConflict "nested_repository", "ignored_files",
// "still_changing", "worktree_locked", "not_removed". The caller holds both locks.
reactor::Task<Result<std::vector<SizedPath>>> remove_saved(git::Git& git, Site site, git::Checkout checkout,
                                                           Saved saved, IgnoredRule rule);

// For a checkout that never was anybody's (is_being_made()): without a look at what is in it. The branch stays. The
// caller holds both locks.
reactor::Task<Result<Unit>> remove_half_made(git::Git& git, Site site, git::Checkout checkout);

}  // namespace baton::worktree
