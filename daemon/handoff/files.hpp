// Reading and writing the six files in a worktree that an agent may be changing at the same moment.
//
// What lies there is not trusted: a link, a pipe or a directory under one of the names is refused, so that nothing
// outside the worktree is read or written through it. Writing replaces a file as a whole; a reader sees the old text or
// the new one, also after a power cut. All functions block, reading for one small file, writing for two syncs.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "handoff/handoff.hpp"
#include "handoff/scaffold.hpp"

namespace baton::handoff {

// The text of one of kSorFiles in the worktree `directory`, as UTF-8. kNotFound: no such file or directory. kDenied:
// not a regular file. kTooLarge: more than limits::kSorFile. kIo.
Result<std::string> read_file(const std::filesystem::path& directory, std::string_view name);

// Puts `content` in the place of the file, mode 0644 (0755 for init.sh). kNotFound: no such directory. kConflict: a
// directory has the name. kTooLarge, kNoSpace, kIo: the old file is still there.
Result<Unit> write_file(const std::filesystem::path& directory, std::string_view name, std::string_view content);

// The five files of a task's beginning, each as by write_file(); what has one of the names is replaced. A new worktree
// gets them by its first commit instead.
Result<Unit> write_scaffold(const std::filesystem::path& directory, const TaskBrief& brief);

// The hand-off of a worktree. kInvalid says what is wrong with it; a missing timestamp is the file's own time.
Result<Handoff> read_handoff(const std::filesystem::path& directory);
Result<Unit> write_handoff(const std::filesystem::path& directory, const Handoff& handoff);

}  // namespace baton::handoff
