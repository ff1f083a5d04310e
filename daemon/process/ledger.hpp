// Names on disk what was started, so that a later daemon can end what a killed one left behind.
//
// An append-only text file, one line per start ("+ pid start-time label") and per end ("- pid start-time"), and around
// each start a line for the intent and one for its outcome; format and reasons in README.md. The start time (field 22
// of /proc/<pid>/stat) tells a reused pid from the process that was meant. Lines are not synced: a process does not
// survive the power cut that loses them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace baton::process {

class Ledger {
 public:
  struct Entry {
    int pid = 0;  // also its process group
    std::uint64_t start_time = 0;
    std::string label;
  };

  // Opens or creates the file; entries of an earlier daemon are kept until sweep(). kIo.
  static Result<Ledger> open(const std::filesystem::path& file);
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger();

  // Kills the process groups of an earlier daemon that still live, waits at most `wait_ms` for their ends, and starts
  // the file afresh. Returns what was found alive; blocks, so it belongs before the reactor runs.
  std::vector<Entry> sweep(int wait_ms);

  // Before a program is started: the environment variable that it must be given, "NAME=value". A daemon that is killed
  // between the start and started() has written down no pid, but the next one finds the program by this.
  std::string intend();
  // What became of `intended`: it runs, or it was not started at all.
  void started(int pid, std::string_view label, std::string_view intended = {});
  void not_started(std::string_view intended);
  void ended(int pid);

 private:
  struct State;
  explicit Ledger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace baton::process
