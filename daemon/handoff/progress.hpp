// The lists of task-progress.md, for a worktree that nobody left a hand-off in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baton::handoff {

struct Progress {
  std::vector<std::string> done;
  std::vector<std::string> blocked;
};

// The items under "## Done" and "## Blocked". Items that lie wholly between underscores are a scaffold's placeholders
// and are left out; indented lines belong to the item above them.
Progress parse_progress(std::string_view progress_md);

}  // namespace baton::handoff
