// One kind of request, sent many times, and what came of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "load/connection.hpp"
#include "load/latency.hpp"

namespace baton::load {

// What is asked and what the answers mean.
class Phase {
 public:
  virtual ~Phase() = default;
  virtual Job jobs() const = 0;
  virtual void write(Job job, std::string& out) = 0;  // appends a request
  virtual void take(Job job, const Answer& answer) = 0;
  virtual void lost(Job job, const std::string& why) = 0;
};

// How long it took.
struct PhaseTimes {
  std::uint64_t answered = 0;
  std::uint64_t unfinished = 0;                 // neither answered nor lost when time was up or the server gone
  std::chrono::system_clock::time_point begun;  // for those who watch the server meanwhile
  std::chrono::nanoseconds wall{0};
  std::chrono::nanoseconds cpu{0};  // of this process, user and system
  Latency latency;
  std::string ended_by;  // why there are unfinished ones
};

}  // namespace baton::load
