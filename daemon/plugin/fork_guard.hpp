// Nobody but the host starts processes. A plugin that forks makes a second daemon, with the same sockets and the same
// database; that copy is ended before it runs anything, and counted.
//
// Seen is fork(), by libraries too. vfork(), clone() and posix_spawn() are not; what they start and leave is found by
// process/keeper.hpp like any other orphan, and by the validator.
#pragma once

#include <atomic>
#include <cstdint>

namespace baton::plugin {

// From here on, for the thread that calls it. Once.
void guard_forks();

namespace detail {
extern constinit std::atomic<std::uint64_t> g_forks;
}

// So often a plugin forked.
inline std::uint64_t forks_in_plugins() { return detail::g_forks.load(std::memory_order_relaxed); }

}  // namespace baton::plugin
