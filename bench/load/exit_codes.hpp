// How baton-bench ends.
#pragma once

namespace baton::load {

inline constexpr int kExitOk = 0;
inline constexpr int kExitViolation = 1;  // the server broke a promise, or did not answer all that it was asked
inline constexpr int kExitUnreachable = 2;
inline constexpr int kExitUsage = 64;  // EX_USAGE

}  // namespace baton::load
