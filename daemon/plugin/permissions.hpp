// Whether a file may be loaded into the daemon: nobody but root and the daemon's own user could have put it there or
// changed it.
#pragma once

#include <filesystem>

#include "plugin/refusal.hpp"

namespace baton::plugin {

// The real path of `file` (links followed), when it is a regular file and it and each directory above it belong to root
// or to this user and are writable by no group and no others. A directory with the sticky bit may be writable by all
// (/tmp): only an entry's owner can replace it there, and owners are checked. kNotFound, kPermissions.
Accepted<std::filesystem::path> trusted_file(const std::filesystem::path& file);

}  // namespace baton::plugin
