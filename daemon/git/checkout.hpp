// Reads how a linked worktree and its repository name each other (gitrepository-layout(5)): `<path>/.git` names the
// private directory `<common>/worktrees/<name>`, whose file `gitdir` names `<path>/.git`. Both must agree. Small files,
// no child.
#pragma once

#include <filesystem>
#include <optional>

#include "git/types.hpp"

namespace baton::git {

// Nothing when `path` is not a linked worktree whose registration points back to it.
std::optional<Checkout> open_checkout(const std::filesystem::path& path);

}  // namespace baton::git
