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

// The file of its private administration that cannot be what git wrote, by a look at how it begins: HEAD or the index.
// Nothing when both look well; an index that is not there is well.
std::optional<std::filesystem::path> damage_of(const Checkout& checkout);

// HEAD names a commit and no branch.
bool is_detached(const Checkout& checkout);

}  // namespace baton::git
