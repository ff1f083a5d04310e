// What a runtime is told when a run begins, in three tiers by how often they change, so that what a model's cache has
// seen stays at the front: the task (stable), where the work stands (context), and what holds for this run alone
// (volatile; nothing yet).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "handoff/resume_state.hpp"

namespace baton::handoff {

// The attempt before this one ended without saying so: a crash, a lost machine, a time limit.
struct Interruption {
  std::uint32_t times = 1;     // in a row
  bool work_was_kept = false;  // there are changes in the worktree that nobody described
};

// Why the last verification did not pass (the verdict's "structuredError").
struct FixNote {
  std::string what, why, how_to_fix;
};

struct PromptParts {
  std::string title;
  std::string description;  // empty: none
  bool in_worktree = true;  // the six files are in the current directory
  ResumeState resume;
  std::optional<Interruption> interruption;
  std::optional<FixNote> fix;
};

struct Prompt {
  std::string system;   // stable
  std::string context;  // empty for a first run
  std::string turn;     // what to do now; never empty
};

Prompt assemble_prompt(const PromptParts& parts);

}  // namespace baton::handoff
