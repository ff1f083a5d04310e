// Small files that the host keeps about plugins: read whole, replaced whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace baton::plugin {

// Nothing when it is not there, cannot be read or is longer than `limit`.
std::optional<std::string> read_state_file(const std::filesystem::path& file, std::size_t limit);

// Another file takes its place by a rename, so that a reader sees the old or the new one. Not synced: after a power cut
// it may be as it was before. Blocks for a small write. kIo.
Result<Unit> replace_state_file(const std::filesystem::path& file, std::string_view content);

}  // namespace baton::plugin
