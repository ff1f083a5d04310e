// Where the work in a worktree stands, read from its files alone: no chat, no session, no row.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json_writer.hpp"
#include "handoff/handoff.hpp"

namespace baton::handoff {

struct ResumeState {
  bool has_handoff = false;  // a valid AGENT_HANDOFF.json was there
  std::vector<std::string> done;
  std::vector<std::string> broken;
  std::optional<std::string> next;
  std::optional<std::string> why_blocked;
  Commands commands;
  std::vector<std::string> warnings;
  std::optional<std::string> last_runtime;
  std::optional<std::string> native_session_id;  // of last_runtime
};

// A valid hand-off counts; else the lists of task-progress.md do. Commands that the hand-off leaves open come from
// init.sh, placeholders included. A file that is there and cannot be used adds a warning; without the directory the
// state is empty. Never fails.
ResumeState reconstruct_state(const std::filesystem::path& directory);

void to_json(json::Writer& json, const ResumeState& state);

}  // namespace baton::handoff
