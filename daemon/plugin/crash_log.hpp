// Which plugins ended the daemon, over its restarts.
//
// A text file with one line per crash, written by the signal handler of crash_marker.hpp into a descriptor that is open
// already, and one per pardon. It is only appended to; opening it keeps the last month, and what a quarantine rests on.
//
//   1767323045 crash signal-11 run_start helper          time in s, cause, call, instance or file of a library
//   1767323099 crash stall run_start helper
//   1767323100 pardon - - helper                         what was before does not count any more
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "plugin/refusal.hpp"
#include "process/descriptor.hpp"

namespace baton::plugin {

struct Crash {
  std::int64_t unix_s = 0;
  std::string cause, call, subject;
};

class CrashLog {
 public:
  explicit CrashLog(const Clock& clock) : clock_(clock) {}

  // Reads `file` and opens it for more. Without it, or when it cannot be opened (the log says so), there are no
  // crashes.
  void open(const std::filesystem::path& file);

  // Since the last pardon, oldest first.
  std::vector<Crash> of(std::string_view subject) const;
  // kQuarantined when the last three came within an hour. Nothing but a pardon changes that, because what is
  // quarantined does not crash again.
  std::optional<Refusal> quarantine(std::string_view subject) const;
  void pardon(const std::string& subject);

  // For the signal handler; -1 without a file.
  int descriptor() const { return opened_.get(); }

 private:
  void take(std::string_view line);
  void forget_old();

  const Clock& clock_;
  std::vector<Crash> crashes_;
  process::Descriptor opened_;
};

}  // namespace baton::plugin
