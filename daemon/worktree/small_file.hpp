// Writes and reads the few small files that are ours.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace baton::worktree {

// Under this name a file is written that will replace `file`. A daemon that is killed leaves it behind.
std::filesystem::path name_beside(const std::filesystem::path& file);

// Makes a new file in the place of whatever has the name; a link there is replaced, never followed. kNoSpace, kIo.
Result<Unit> put_file(const std::filesystem::path& file, std::string_view content, bool executable = false);

// Nothing when it is no regular file, or larger than limits::kSorFile.
std::optional<std::string> small_file(const std::filesystem::path& file);

}  // namespace baton::worktree
