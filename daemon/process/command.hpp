// Runs a program to its end and captures what it said: for git, for the gate, for anything short.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "process/child.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::process {

struct Command {
  SpawnRequest spawn;
  std::string input;  // written to stdin, which is then closed
  std::chrono::nanoseconds timeout = limits::kGitTimeout;
  std::size_t capture = limits::kCapture;  // of each stream
  std::stop_token cancel = {};             // its request_stop(), on the reactor, begins the stop ladder
  bool keep_tail =
      false;  // beyond `capture`: false keeps the first bytes and stops the program, true keeps the last bytes
};

struct Finished {
  Exit exit;
  std::string out, err;
  bool timed_out = false;
  bool cancelled = false;
  bool cut = false;  // a stream was longer than `capture`
  std::chrono::nanoseconds took{0};

  bool ok() const { return exit.code == 0 && !timed_out && !cancelled; }
};

// Errors are those of Child::spawn: a program that was started and failed is a Finished, also when the deadline ended
// it.
reactor::Task<Result<Finished>> run(reactor::Loop& loop, Ledger* ledger, Command command);

}  // namespace baton::process
