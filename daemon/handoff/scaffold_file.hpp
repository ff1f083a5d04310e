// One file that a new worktree begins with. Whoever lays the files down (worktree) needs no more of this folder than
// this.
#pragma once

#include <string>

namespace baton::handoff {

struct ScaffoldFile {
  std::string name;  // at the worktree's root, without a slash
  std::string content;
  bool executable = false;
};

}  // namespace baton::handoff
