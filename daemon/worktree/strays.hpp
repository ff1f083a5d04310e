// Commits to which only a checkout's private git directory leads, so that git would forget them with it:
//
//   rebase-merge/autostash …   uncommitted work that a rebase or a merge put aside and has not put back yet
//   refs/worktree/…            refs of this checkout alone
//   logs/HEAD                  where HEAD was: commits made on no branch, or taken back by a reset
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

// Those that may be strays, without starting anything: all that is not `head` or, by what the log of HEAD says of its
// steps, before it. Of the log the newest 32.
std::vector<std::string> possible_strays(const git::Checkout& checkout, const std::string& head);

// Keeps each under a salvage ref. `head` is kept already. git is asked only when there is something to ask. The caller
// holds the repository's lock.
reactor::Task<Result<Unit>> keep_strays(git::Git& git, Site site, git::Checkout checkout, std::string head);

}  // namespace baton::worktree
