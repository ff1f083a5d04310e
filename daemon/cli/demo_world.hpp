// What the demo runs on: a temporary directory with a small git repository whose test fails, two runtimes that are
// shell scripts, and a configuration that names them.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace baton::cli {

inline constexpr std::string_view kFirstRuntime = "alder";
inline constexpr std::string_view kSecondRuntime = "birch";

struct DemoWorld {
  std::filesystem::path root, repository, state, config;
};

// kIo, kNotFound (git is not installed). What was made so far stays in the directory that the message names.
Result<DemoWorld> make_demo_world();

}  // namespace baton::cli
