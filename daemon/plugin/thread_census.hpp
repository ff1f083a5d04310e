// Threads that appear while a plugin is on the stack are its own; those that are there after its destroy are left
// behind.
//
// Looked at around the calls that may start some (create, run_start), since a look costs about 20 µs.
#pragma once

#include <cstddef>
#include <vector>

#include <sys/types.h>

namespace baton::plugin {

class ThreadCensus {
 public:
  // Around a call of the plugin.
  void before() { known_ = alive(); }
  void after();
  // How many of those that appeared are alive.
  std::size_t left() const;

 private:
  static std::vector<pid_t> alive();

  std::vector<pid_t> known_;
  std::vector<pid_t> appeared_;
};

}  // namespace baton::plugin
