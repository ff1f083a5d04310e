// Moves files back into a checkout without replacing anything: what is not there is renamed into it with all that lies
// below, a directory that is on both sides is entered, anything else stays where it is.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"
#include "worktree/salvaged.hpp"

namespace baton::worktree {

// `from` is removed when it has become empty. Names are looked at in slices, so that a large set does not hold the
// loop; kTooLarge "too_many" after some ten thousand: what was moved until then stays moved, and a repeat goes on.
reactor::Task<Result<RestoredFiles>> merge_back(reactor::Loop& loop, std::filesystem::path from,
                                                std::filesystem::path to);

}  // namespace baton::worktree
