// Commits what a checkout holds.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"

namespace baton::worktree {

struct Saved {
  bool committed = false;  // there was something to commit
  std::string head;
  std::string branch;               // that the checkout is on; empty: none
  std::vector<std::string> nested;  // repositories inside it, which cannot be committed
};

// Everything that is not ignored, also what git was told not to look at, and `own_names` even when the repository
// ignores them (a hand-off must not get lost).
reactor::Task<Result<Saved>> save_work(git::Git& git, git::Checkout checkout, std::vector<std::string> own_names,
                                       std::string message);

}  // namespace baton::worktree
