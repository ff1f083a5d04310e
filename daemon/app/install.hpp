// Where this program is installed.
#pragma once

#include <filesystem>
#include <string_view>

namespace baton::app {

// The directory above the one with the running program: <prefix> of <prefix>/bin/batond.
std::filesystem::path install_prefix();

// A program in the same directory.
std::filesystem::path installed_beside(std::string_view program);

}  // namespace baton::app
