// Whether a program is there, for the probe; the run itself lets the host search.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace command {

// The file that `name` means: searched in the absolute directories of `path`, or taken as it is when it has a slash.
// Nothing when there is no executable file.
std::optional<std::string> find_program(std::string_view name, std::string_view path);

}  // namespace command
