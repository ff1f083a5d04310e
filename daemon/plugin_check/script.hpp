// What a program does that a plugin has spawned: instead of starting it, the validator plays this.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "process/child.hpp"

namespace baton::plugin_check {

struct Piece {
  std::string bytes;
  process::Stream stream = process::Stream::kStdout;
  std::chrono::nanoseconds after{0};  // virtual time since the piece before
  std::size_t after_lines = 0;        // not before it has read so many lines on stdin
  bool after_stdin_end = false;       // not before its stdin was closed
};

// What it does at a signal, instead of dying of it.
struct Reaction {
  std::vector<Piece> pieces = {};          // what it prints from now on instead of what was to come
  std::optional<process::Exit> exit = {};  // and then; nothing: it goes on living
};

struct Script {
  std::vector<Piece> pieces = {};          // in this order
  process::Exit exit{.code = 0};           // after the last piece
  std::chrono::nanoseconds exit_after{0};  // since the last piece
  bool hangs = false;                      // it never exits by itself
  bool echoes = false;                     // as cat: what it reads on stdin it prints; exits when stdin is closed
  bool reads_stdin = true;                 // false: what is written stays in the pipe
  std::map<int, Reaction> reactions = {};  // by signal; other signals end it
};

// A program as it was started and treated, for checks to look at.
struct Spawned {
  process::SpawnRequest request;
  std::string input = {};  // what it was sent on stdin
  bool stdin_closed = false;
  std::vector<int> signals = {};  // by signal(), and TERM and KILL of stop()
  std::size_t stops = 0;
  bool paused = false;
  bool pauses_seen = false;
  bool forgotten = false;                  // closed by the plugin, or by the host at the end of its run
  std::optional<process::Exit> exit = {};  // told
};

}  // namespace baton::plugin_check
