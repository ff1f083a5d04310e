// Where the state lies unless somebody says otherwise, for batond and for the commands that work beside it.
//
//   $BATON_HOME, $CLAWBOO_HOME     both
//   `state` in the configuration   batond
//   $STATE_DIRECTORY               both; systemd sets it inside the service
//   the service's own              commands, when there is a database in it: they ask its socket, too
//   $XDG_STATE_HOME/baton          both
//   ~/.local/state/baton           both
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace baton::ops {

// Reads one variable of the environment; nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

// The program's own environment.
std::optional<std::string> process_environment(const std::string& name);

// The first line above.
std::optional<std::filesystem::path> named_state(const Environment& environment);

// The last ones, for batond. Empty when the environment names no directory at all.
std::filesystem::path default_state(const Environment& environment);

// All of them, for commands.
std::filesystem::path command_state(const Environment& environment,
                                    const std::filesystem::path& service_state = "/var/lib/baton");

// Makes it, for its owner alone, when it is not there. kIo.
Result<Unit> make_state_directory(const std::filesystem::path& state);

inline std::filesystem::path database_in(const std::filesystem::path& state) { return state / "baton.db"; }
inline std::filesystem::path socket_in(const std::filesystem::path& directory) { return directory / "batond.sock"; }

}  // namespace baton::ops
