// A checkout that is there, found without starting anything.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "git/types.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

struct Opened {
  git::Checkout checkout;
  std::string common_dir;  // of its repository: the key of that lock
};

// The reason of the lock (git-worktree(1)) under which a checkout is made. git's own, while it adds one, begins with
// the same word.
inline constexpr std::string_view kMakingLock = "initializing: baton is making this worktree";

// That of a review, for its whole life: nobody's work at any time.
inline constexpr std::string_view kReviewLock = "initializing: baton lets somebody look at this commit";

// True while it is being made, or since that was interrupted: it never was anybody's, and what is missing in it was not
// deleted by anybody.
bool is_being_made(const git::Checkout& checkout);

// The same, and it is a task's: begun by us, with the one lock that is neither git's nor a review's.
bool is_half_made(const git::Checkout& checkout);

// Ends that. Other locks stay.
Result<Unit> unlock_made(const git::Checkout& checkout);

// Whether anything is there. A checkout whose removal was interrupted before git's last look at it is put back first
// (leaving.hpp); the caller holds the path's lock. kUnavailable "checkout_unreachable": that cannot be told, which is
// not the same as no.
Result<bool> is_there(const Site& site);

// Takes away what a killed daemon was about to put under one of the six names; the caller holds the path's lock. It is
// nobody's work, and must not get into a commit or a diff.
void drop_half_written(const git::Checkout& checkout);

// As is_there(). kConflict "no_checkout": nothing is there, or it is still being made; "broken_worktree": something is,
// but git would not know it, or what it knows of it is damaged. The caller holds the path's lock.
Result<Opened> open_site(const Site& site);

// "broken_worktree": `damaged` of its private administration cannot be what git wrote.
Error broken(const Site& site, const std::filesystem::path& damaged);

}  // namespace baton::worktree
