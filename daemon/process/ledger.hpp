// Names on disk what was started, so that a later daemon can end what a killed one left behind.
//
// An append-only text file, one line per start ("+ pid start-time label") and per end ("- pid start-time"), and around
// each start a line for the intent and one for its outcome; format in LEDGER.md. The start time (field 22
// of /proc/<pid>/stat) tells a reused pid from the process that was meant. Lines are not synced: a process does not
// survive the power cut that loses them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace baton::process {

class Ledger {
 public:
  struct Entry {
    int pid = 0;  // also its process group and session, unless it is what a sweep or a keeper left
    std::uint64_t start_time = 0;
    std::string label;
    std::string subject = {};  // what it works on: a task; empty: nothing that could have a second worker
    std::string cgroup = {};   // the control group that it was started in; empty: none of its own
    std::string tag = {};      // in its environment
  };

  // Opens or creates the file; entries of an earlier daemon are kept until sweep(). kIo.
  static Result<Ledger> open(const std::filesystem::path& file);
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger();

  struct Swept {
    std::vector<Entry> found;  // what was alive; an entry stands for its whole session
    std::vector<Entry> left;   // what is alive still, process by process; stays in the ledger
  };
  // Kills what an earlier daemon started and what that started, waits at most `wait_ms` for their ends, and starts the
  // file afresh. Blocks, so it belongs before the reactor runs.
  Swept sweep(int wait_ms);

  // Before a program is started: the environment variable that it must be given, "NAME=value". A daemon that is killed
  // between the start and started() has written down no pid, but the next one finds the program by this.
  std::string intend(std::string_view subject = {});
  // What became of `intended`: it runs, or it was not started at all.
  struct Work {
    std::string label, subject = {}, cgroup = {};
  };
  void started(int pid, Work work, std::string_view intended = {});
  void not_started(std::string_view intended);
  void keep(Entry entry);  // of a process that nobody here started and nobody can end
  void ended(int pid);

  const std::map<int, Entry>& living() const;  // of this daemon, by pid
  const std::string& nonce() const;            // each tag begins with it and a dot

 private:
  struct State;
  explicit Ledger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace baton::process
