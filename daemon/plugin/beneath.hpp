// Small files beneath a directory, whatever the path says.
//
// Each part of the path is opened relative to the one before without following links, and "." and ".." are refused,
// which gives what openat2's RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS gives, on every kernel, in one piece of code. These
// functions touch the disk: at most 1 MiB at once, on local files, which the reactor can afford.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/result.hpp"

namespace baton::plugin {

// Relative, not empty, no empty part, no "." or "..", no zero byte, at most 4 KiB.
bool is_path_beneath(std::string_view path);

// kNotFound; kDenied: a link, or not a regular file; kTooLarge: longer than `max`; kIo.
Result<std::string> read_beneath(const std::string& root, std::string_view path, std::size_t max);

// By a temporary file and a rename; missing directories are made with mode 0700. kDenied: a link on the way; kNoSpace;
// kIo.
Result<Unit> write_beneath(const std::string& root, std::string_view path, std::string_view bytes, mode_t mode);

// When the file was last written, in nanoseconds; nothing when it is not there.
std::optional<std::int64_t> written_at(const std::string& root, std::string_view path);

}  // namespace baton::plugin
