// Checkouts that nobody looks after any more: which there are, and how one is taken away without losing anything.
//
// Only a directory two levels below our root whose private git directory holds our marker (marker.hpp) for just this
// task, or the lock under which we make one (opened.hpp), is ever found. What is too old or too much is the caller's
// decision.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "worktree/layout.hpp"

namespace baton::worktree {

struct Found {
  Site site;                            // `repository` is its common git directory
  std::vector<std::string> user_files;  // of the six names: those that count as work
  // Milliseconds since 1970: the newest of the times of its directory, its index, its HEAD's log and its marker. A
  // directory's own time says only when a name directly in it came or went; every commit and every `git add` writes the
  // other ones.
  std::int64_t used_ms = 0;
  bool half_made = false;  // its making was interrupted, or goes on: nothing in it was ever handed out
};

struct Reaped {
  bool committed = false;  // uncommitted work was found and committed
  std::string head;        // where the branch is now
};

// Asked under the lock, before anything is done. False: somebody works there after all.
using StillIdle = std::function<bool()>;

}  // namespace baton::worktree
