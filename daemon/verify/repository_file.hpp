// .baton.toml: what a repository says about itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace baton::verify {

// gate.verify of the file's text; nothing when the file does not name it. Keys that are not known are ignored, so that
// an older daemon reads a newer file. kInvalid with the line: not TOML, or the key has another type than text.
Result<std::optional<std::string>> read_repository_gate(std::string_view toml);

}  // namespace baton::verify
