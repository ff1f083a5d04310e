// Which kinds of work change files, and so get a worktree of their own (contract §1.5).
#pragma once

#include <cstdint>
#include <string_view>

namespace baton::executor {

enum class Isolation : std::uint8_t {
  kNone,  // reads only: an empty scratch directory, so that no agent ever runs in the daemon's own
  kWorktree,
};

// `research` and `review` read; everything else, known or not, is taken to write.
constexpr Isolation isolation_for_kind(std::string_view kind) {
  return kind == "research" || kind == "review" ? Isolation::kNone : Isolation::kWorktree;
}

constexpr bool needs_worktree(std::string_view kind) { return isolation_for_kind(kind) == Isolation::kWorktree; }

static_assert(isolation_for_kind("code") == Isolation::kWorktree);
static_assert(isolation_for_kind("no such kind") == Isolation::kWorktree, "unknown work is isolated, not trusted");
static_assert(!needs_worktree("review"));

}  // namespace baton::executor
