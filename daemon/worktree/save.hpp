// Commits what a checkout holds.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"

namespace baton::worktree {

// What a checkout is, seen in two commands: one over the index, one over the files.
struct Seen {
  git::Status status;
  std::vector<std::string> submodules;
};

// Also what git was told not to look at, and `own_names` even when the repository ignores them (a hand-off must not get
// lost).
reactor::Task<Result<Seen>> look_at(git::Git& git, git::Checkout checkout, std::vector<std::string> own_names);

struct Saved {
  bool committed = false;  // there was something to commit
  std::string head;
  std::string branch;                   // that the checkout is on; empty: none
  std::vector<std::string> nested;      // repositories inside it, which cannot be committed
  std::vector<std::string> submodules;  // directories that git does not look into
  bool ignores = false;                 // there may be ignored files
};

// Commits what was seen; everything that is not ignored.
reactor::Task<Result<Saved>> save_seen(git::Git& git, git::Checkout checkout, Seen seen, std::string message);

// look_at() and save_seen().
reactor::Task<Result<Saved>> save_work(git::Git& git, git::Checkout checkout, std::vector<std::string> own_names,
                                       std::string message);

}  // namespace baton::worktree
