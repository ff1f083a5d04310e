// The file that makes a checkout ours: `baton-task` in its private git directory, where no commit and no `git clean`
// finds it.
//
// Text, one record per line: "task <id>", then, once the scaffold is committed, "base <commit>", "baseline <commit>"
// and "user <name>" for each of the six files that the user's repository had. Without a baseline the checkout was never
// handed out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "git/types.hpp"

namespace baton::worktree {

struct Marker {
  TaskId task_id;
  std::string base_commit;
  std::string baseline_commit;
  std::vector<std::string> user_files;

  bool complete() const { return !baseline_commit.empty(); }
};

std::string render_marker(const Marker& marker);
std::optional<Marker> parse_marker(std::string_view text);

// Nothing when there is none that can be understood.
std::optional<Marker> read_marker(const git::Checkout& checkout);
Result<Unit> write_marker(const git::Checkout& checkout, const Marker& marker);

}  // namespace baton::worktree
