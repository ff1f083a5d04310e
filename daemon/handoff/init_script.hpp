// The commands that a worktree's files name: INSTALL_CMD, VERIFY_CMD and START_CMD of init.sh, and the "- Verify:" line
// of VERIFICATION.md. The script is read, never run.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton::handoff {

// What a scaffold writes where a command is not known yet: echo "[init] configure VERIFY_CMD in init.sh".
std::string placeholder_command(std::string_view variable);

// True for a command that only asks to be configured, whoever wrote it.
bool is_placeholder(std::string_view command);

// The value that `variable` gets by an assignment at the start of a line ("export " allowed before it), read as one
// shell word: single quotes, double quotes and '\'' are understood, $ stays as it is. The first assignment that is no
// placeholder counts, else the first one. Nothing when there is none, when it is empty, or when its quote does not end
// on its line.
std::optional<std::string> parse_init_command(std::string_view init_sh, std::string_view variable);

// VERIFY_CMD as the gate may use it: a placeholder counts as unset.
std::optional<std::string> parse_verify_cmd(std::string_view init_sh);

// The command between the outer backticks of the first line "- Verify: `…`" of VERIFICATION.md; a placeholder counts as
// unset.
std::optional<std::string> parse_verify_line(std::string_view verification_md);

}  // namespace baton::handoff
