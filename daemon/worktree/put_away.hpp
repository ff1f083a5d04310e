// Ends a checkout and keeps everything that is in it: what pausing and collecting have in common.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/ignored.hpp"
#include "worktree/keyed_mutex.hpp"
#include "worktree/layout.hpp"
#include "worktree/opened.hpp"
#include "worktree/save.hpp"

namespace baton::worktree {

struct PutAwayRequest {
  Site site;
  Opened opened;
  std::vector<std::string> own_names;  // saved even when they are ignored
  std::string message;                 // of the commit
  IgnoredRule rule;
};

struct PutAway {
  bool committed = false;  // uncommitted work was found and committed
  std::string head;
  std::vector<SizedPath> dropped;  // ignored files that went with it, by force
  std::string kept_as;             // the ref of `head`, when the branch could not follow
};

// Commits what is there, puts the task's branch there, keeps strays and ignored files, removes the checkout. The caller
// holds the lock of the worktree's path; this takes the repository's.
reactor::Task<Result<PutAway>> put_away(git::Git& git, KeyedMutex& locks, PutAwayRequest request);

struct Placed {
  std::string tip;      // where the branch is now
  std::string kept_as;  // the ref of the head, when the branch is elsewhere
};

// An agent may have left the task's branch for another one, or for none. What is in the tree is the truth, so the
// task's branch follows; where it was stays reachable. But not when somebody else works on that branch by now: to him
// it would look as if he had undone everything. Then a salvage ref holds the head.
reactor::Task<Result<Placed>> put_branch_at_head(git::Git& git, Site site, Saved saved);

// True when the branch is checked out, and not at the site.
bool is_elsewhere(const git::Branch& branch, const Site& site);

}  // namespace baton::worktree
