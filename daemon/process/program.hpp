// Finds the file that a program name means.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "process/environment.hpp"

namespace baton::process {

// A name without a slash is searched in the absolute directories of the PATH of `environment` (not the daemon's own); a
// name with one is taken as it is, relative to `cwd`. Error kNotFound names the program and where it was looked for.
Result<std::string> find_program(std::string_view name, const Environment& environment, std::string_view cwd);

}  // namespace baton::process
