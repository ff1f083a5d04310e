// The commands that work on the state itself, with a daemon beside them or without one: the only ones that open the
// database.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace baton::cli {

// Each `state` is what the user named; nothing: where a daemon of this machine has it (ops/state_directory.hpp).
int back_up(const std::string& to, const std::optional<std::string>& state);
int restore(const std::string& from, const std::optional<std::string>& state);
int check_database(const std::optional<std::string>& file, const std::optional<std::string>& state);

}  // namespace baton::cli
