// What a new worktree begins with: five of the six files, filled from the task. The sixth, AGENT_HANDOFF.json, is
// written by whoever stops working first.
//
// The headings, keys and the three command lines are a format that other tools read (FORMATS.md); the sentences between
// them are not. Whatever the title, the description or the team holds, the structure around them stays (markdown.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "handoff/scaffold_file.hpp"
#include "handoff/sor_files.hpp"

namespace baton::handoff {

struct TaskBrief {
  std::string id;
  std::string title;
  std::string description;     // empty: none
  std::string team;            // empty: none
  std::string verify_command;  // what the gate will run, when it is known; one line, empty: a placeholder stands there
};

std::string render_task_md(const TaskBrief& brief);
std::string render_progress_md(const TaskBrief& brief);
std::string render_decisions_json();
std::string render_init_sh(const TaskBrief& brief);
std::string render_verification_md(const TaskBrief& brief);

// The five files, in the order of kSorFiles.
std::vector<ScaffoldFile> scaffold(const TaskBrief& brief);

// True when `content` has the shape of a file `name` that was made for some task, by this program or by another that
// writes the same formats, filled in since or not. A user's own file of the same name must not be taken for one, so the
// shape is checked narrowly. For AGENT_HANDOFF.json: whether it is a valid hand-off.
bool is_scaffold(std::string_view name, std::string_view content);

}  // namespace baton::handoff
