// A checkout that is there, found without starting anything.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "git/types.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

struct Opened {
  git::Checkout checkout;
  std::string common_dir;  // of its repository: the key of that lock
};

// Whether anything is there. kUnavailable "checkout_unreachable": that cannot be told, which is not the same as no.
Result<bool> is_there(const Site& site);

// As is_there(). kConflict "no_checkout": nothing is there; "broken_worktree": something is, but git would not know it,
// or what it knows of it is damaged.
Result<Opened> open_site(const Site& site);

// "broken_worktree": `damaged` of its private administration cannot be what git wrote.
Error broken(const Site& site, const std::filesystem::path& damaged);

}  // namespace baton::worktree
