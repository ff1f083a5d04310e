// Starts other programs: for the demo, which needs git and a daemon of its own. Blocks, as a command may.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace baton::cli {

struct Program {
  std::vector<std::string> argv;  // argv[0] is searched in the PATH
  std::filesystem::path directory;
  std::filesystem::path output;  // stdout and stderr go there; empty: they are thrown away
  std::vector<std::string> env;  // the whole environment
};

// PATH and a HOME of its own: nothing else of the caller's environment, so that the demo behaves the same everywhere.
std::vector<std::string> clean_environment(const std::filesystem::path& home);

// kNotFound, kIo. The caller reaps it.
Result<pid_t> start_program(const Program& program);

// Runs it to its end. kInternal when it ends with anything but 0.
Result<Unit> run_program(const Program& program);

}  // namespace baton::cli
