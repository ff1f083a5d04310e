// How much room is left where worktrees are made. Below a floor nothing new is begun: a full disk stops those that are
// at work, and with them what they have not written yet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/result.hpp"

namespace baton::executor {

// Bytes that we may still write where `path` lies, or will lie; nothing when that cannot be told. One system call.
std::optional<std::uint64_t> free_bytes(const std::filesystem::path& path);

// kNoSpace "disk_pressure" when less than `floor_bytes` is free at `path`; 0: never. What cannot be told is no reason.
Result<Unit> check_free(const std::filesystem::path& path, std::uint64_t floor_bytes);

}  // namespace baton::executor
