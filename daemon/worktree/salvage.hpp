// Keeps commits that a reset or a removal would make unreachable: refs/baton/salvage/<task>/<n>, counted from 1 and
// never moved. `git branch rescued refs/baton/salvage/<task>/<n>` brings one back.
#pragma once

#include <string>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

// The ref's name; the ref that keeps the commit already, when there is one.
reactor::Task<Result<std::string>> keep_commit(git::Git& git, Site site, std::string commit);

}  // namespace baton::worktree
