// The tools that work on files of the worktree. At most 1 MiB of a file at once, on a local disk, unsynced: what the
// reactor can afford in one turn.
#pragma once

#include <cstddef>

#include "base/json_reader.hpp"
#include "plugin/tool_service.hpp"
#include "tools/within.hpp"

namespace baton::tools {

inline constexpr std::size_t kFile = 1024 * 1024;
inline constexpr std::size_t kShownNames = 2000, kReadNames = 20'000;  // of one directory

// `arguments` is a JSON object; what each one takes: worktree_tools.cpp.
plugin::ToolResult read_file(const Within& within, json::Value arguments);
plugin::ToolResult write_file(const Within& within, json::Value arguments);
plugin::ToolResult edit_file(const Within& within, json::Value arguments);
plugin::ToolResult list_files(const Within& within, json::Value arguments);

}  // namespace baton::tools
