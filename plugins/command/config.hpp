// What the user says about one program: the instance's configuration, read from JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace command {

enum class Prompt : std::uint8_t { kStdin, kArgument };
enum class Events : std::uint8_t { kNone, kJsonLines };

struct Config {
  std::vector<std::string> argv;  // at least one; with placeholders (placeholders.hpp)
  std::vector<std::pair<std::string, std::string>> env;
  Prompt prompt = Prompt::kStdin;
  Events events = Events::kNone;
  std::string name, version;
  std::int64_t timeout_s = 0;  // 0: none
  std::int64_t max_runs = 0;   // 0: no limit
  bool worktree = true;
};

// The JSON Schema in the descriptor.
extern const char* const kConfigSchema;

// Throws baton::plugin::Failure that names the wrong field.
Config parse_config(std::string_view json);

}  // namespace command
