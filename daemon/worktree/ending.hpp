// A completion that has begun to take a checkout and its branch away. The daemon may be killed in between; then the
// checkout, and with it all that we knew, is gone, and the branch alone looks like one that was paused. So before the
// removal a file beside the worktrees says what was decided: <…>/.orphans/<task id>.ending, "tip <commit>" and
// "baseline <commit>", one a line.
//
// It counts only while nothing is checked out and the branch is where it says, or gone. So it may stay for a while; the
// next completion replaces it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

struct Ending {
  std::string tip;       // of the branch that is to go
  std::string baseline;  // nothing was done since this commit
};

Result<Unit> note_ending(const Site& site, const Ending& ending);

bool is_ending_file(std::string_view name);

// Nothing when there is none that can be understood.
std::optional<Ending> noted_ending(const Site& site);

}  // namespace baton::worktree
