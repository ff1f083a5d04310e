// What a plugin could change of the process it lives in, to be compared before and after.
#pragma once

#include <array>
#include <csignal>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace baton::plugin_check {

struct Snapshot {
  std::vector<std::string> threads;        // ids
  std::map<int, std::string> descriptors;  // what each leads to
  std::vector<std::string> children;       // pids
  std::string cwd, locale;
  unsigned umask = 0;
  std::vector<std::string> environment;  // sorted
  struct Disposition {
    void (*handler)(int) = nullptr;
    int flags = 0;
    bool operator==(const Disposition&) const = default;
  };
  std::array<Disposition, 65> signals{};  // by number
  std::string blocked_signals;            // as /proc shows them
};

Snapshot take_snapshot();

std::size_t count_threads();

// One sentence per difference, of the parts that are named: empty when there is none.
std::vector<std::string> changed_state(const Snapshot& before, const Snapshot& after);  // cwd, locale, umask, ...
std::vector<std::string> new_threads(const Snapshot& before, const Snapshot& after);
std::vector<std::string> new_descriptors(const Snapshot& before, const Snapshot& after);
std::vector<std::string> new_children(const Snapshot& before, const Snapshot& after);

std::string joined(const std::vector<std::string>& sentences);  // with "; "

}  // namespace baton::plugin_check
