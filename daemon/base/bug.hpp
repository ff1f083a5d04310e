// States that cannot happen. Both stop the program, in release builds too: a daemon that owns other people's work does
// not go on after it has caught itself in a contradiction; it restarts and recovers from disk.
#pragma once

namespace baton {

// Logs `what` with its place and aborts.
[[noreturn]] void bug(const char* what, const char* file = __builtin_FILE(), int line = __builtin_LINE());

// Aborts unless `ok`. For preconditions and invariants, never for input.
inline void require(bool ok, const char* what, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (!ok) bug(what, file, line);
}

}  // namespace baton
