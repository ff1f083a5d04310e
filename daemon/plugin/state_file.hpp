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

// What a power cut may do to it.
enum class Keep {
  kLoosely,  // it may be as it was before, or empty
  kFirmly,   // nothing, once the call has returned: it waits for the disk, so for what a person does only
};

// Another file takes its place by a rename, so that a reader sees the old or the new one. Blocks for a small write.
// kIo: it is as it was.
Result<Unit> replace_state_file(const std::filesystem::path& file, std::string_view content, Keep keep);

}  // namespace baton::plugin
