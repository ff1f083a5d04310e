// How batond ends, in the numbers of sysexits.h, so that a unit file can tell a mistake from a crash
// (RestartPreventExitStatus).
#pragma once

namespace baton::app {

inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 64;        // EX_USAGE: the command line
inline constexpr int kExitUnavailable = 69;  // EX_UNAVAILABLE: an address is taken
inline constexpr int kExitState = 74;        // EX_IOERR: the state cannot be opened or read
inline constexpr int kExitRunning = 75;      // EX_TEMPFAIL: another daemon has this state
inline constexpr int kExitConfig = 78;       // EX_CONFIG

}  // namespace baton::app
