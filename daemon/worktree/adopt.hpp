// Reconstructs what is known of a branch from its scaffold commit: for worktrees that another program made, and for a
// board that forgot. The usual way is the marker and the board's row.
#pragma once

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/layout.hpp"
#include "worktree/marker.hpp"
#include "worktree/scaffold_files.hpp"

namespace baton::worktree {

// The scaffold commit's parent is the base; the user's files are those of the six that the base has and no earlier
// scaffold wrote.
reactor::Task<Result<Marker>> adopt(git::Git& git, Site site, git::Commit scaffold, IsScaffold is_scaffold);

}  // namespace baton::worktree
