// What was kept of a repository's tasks (salvage.hpp), as values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace baton::worktree {

// A commit, or a set of files: then `commit` is empty.
struct Salvaged {
  TaskId task_id;
  int n = 0;
  std::string commit = {};
  std::string subject = {};       // may be no UTF-8
  std::int64_t committed_ms = 0;  // since 1970
  std::int64_t kept_ms = 0;       // likewise; 0: nobody noted it
  std::uint64_t bytes = 0;        // of files, on the disk

  bool is_files() const { return commit.empty(); }
};

// Files that were put back into a worktree.
struct RestoredFiles {
  std::size_t moved = 0;               // names, each with what lies below
  std::vector<std::string> conflicts;  // something is there already: these stay in the set
};

}  // namespace baton::worktree
