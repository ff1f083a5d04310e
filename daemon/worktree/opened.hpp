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

// kConflict "no_checkout": nothing is there; "broken_worktree": something is, but git would not know it.
Result<Opened> open_site(const Site& site);

}  // namespace baton::worktree
