// The control groups of the daemon's cells: one directory, which belongs to one state directory, with a group for each
// cell and in it one for each child.
//
//   <base>/daemon                       the daemon itself, where controllers ask for it
//   <base>/runs-<state>/<cell>          its limits, its peak
//   <base>/runs-<state>/<cell>/<n>      one child and all that it starts
//
// A cell's name says whose it is, and it is made before the child starts: a daemon that finds one at its start needs
// nothing else to know what to end and which task that was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "process/cgroup.hpp"
#include "process/cgroup_place.hpp"
#include "process/ledger.hpp"

namespace baton::process {

struct CgroupSettings {
  std::string where = "auto";  // "auto": the daemon's own, if it was delegated; "off"; or the directory of a group
  std::string state = {};      // the state directory: two daemons never share a subtree
  std::optional<std::int64_t> memory_max = {};  // bytes, of one cell that works on a subject
  std::optional<std::int64_t> pids_max = {};    // of one such
};

class CgroupSubtree {
 public:
  // Nothing, and the log says why, where "auto" finds none or "off" is set. kInvalid: the directory that was named
  // cannot be used. Moves this process into <base>/daemon when its group has controllers to offer. Limits that no
  // controller can enforce are refused by the log.
  static Result<std::optional<CgroupSubtree>> open(const CgroupSettings& settings);

  // Ends what is in the cells of an earlier daemon and removes them; waits at most `wait_ms`. What is left, process by
  // process. Blocks.
  std::vector<Ledger::Entry> sweep(int wait_ms) const;

  // A group for a cell, with the limits if it works on a subject. kIo, also in the log: nothing was made.
  Result<Cgroup> make_cell(std::string_view subject, std::string_view name);
  bool has_limits() const { return settings_.memory_max || settings_.pids_max; }

  // The group in it that a process is in; empty: none of them.
  std::string directory_of(int pid) const;

  void kill() const;    // whatever is in it
  void remove() const;  // as far as it is empty

 private:
  CgroupSubtree(Cgroup runs, CgroupSettings settings);
  void enable_controllers(const Cgroup& base);

  Cgroup runs_;
  CgroupSettings settings_;
  std::optional<CgroupMount> mount_;
  std::size_t made_ = 0;
};

}  // namespace baton::process
