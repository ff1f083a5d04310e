// Nobody but the host starts processes. A plugin that forks makes a second daemon, with the same sockets and the same
// database; that copy is ended before it runs anything, and counted.
//
// Seen is fork(), by libraries too. vfork(), clone() and posix_spawn() are not; what they start and leave is found by
// process/keeper.hpp like any other orphan, and by the validator.
#pragma once

#include <cstdint>

namespace baton::plugin {

// From here on, for the thread that calls it. Once.
void guard_forks();

// So often a plugin forked.
std::uint64_t forks_in_plugins();

}  // namespace baton::plugin
