// What /proc says about a process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baton::process {

struct ProcStat {
  int pid = 0;
  char state = '?';  // 'Z' and 'X' have ended
  int group = 0;
  int session = 0;
  std::uint64_t start_time = 0;  // clock ticks since boot: field 22
  int parent = 0;

  bool ended() const { return state == 'Z' || state == 'X'; }
};

// Reads one line as /proc/<pid>/stat has it. The program's name in it may hold blanks and parentheses.
std::optional<ProcStat> parse_stat(std::string_view line);

std::optional<ProcStat> stat_of(int pid);
std::vector<ProcStat> all_processes();

// The children of a process, of all its threads. Cheap (/proc/<pid>/task/*/children), unless the kernel was built
// without CONFIG_PROC_CHILDREN: then it costs a look at all processes.
std::vector<int> children_of(int pid);

// A variable of the environment that the process was started with. Nothing when it has none, or may not be looked at.
std::optional<std::string> variable_of(int pid, std::string_view name);

// As much of a file of /proc or /sys as can be read; empty when it is not there, or is gone by now.
std::string whole_file(const std::string& file);

std::string boot_id();  // changes with each start of the machine
std::optional<std::uint64_t> forks_since_boot();
std::optional<std::uint64_t> highest_pid();

}  // namespace baton::process
