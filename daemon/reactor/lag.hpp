// How late the loop is: the time between the moment at which something was due and the turn in which it came.
//
// Nothing runs while nobody asks. During a measurement something is due each millisecond, at times that were set at its
// beginning: a turn that comes late stands for everything that was due meanwhile, so that a pause of 20 ms counts
// twenty times, as it does for those who wait, and not once.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "reactor/loop.hpp"

namespace baton::reactor {

class LagMeter {
 public:
  using Samples = std::vector<std::chrono::nanoseconds>;  // one for each millisecond, in order
  using Done = std::function<void(Samples)>;

  explicit LagMeter(Loop& loop) : loop_(loop) {}
  ~LagMeter() { stop(); }
  LagMeter(const LagMeter&) = delete;
  LagMeter& operator=(const LagMeter&) = delete;

  // Measures for `duration`, then calls `done` once. False, and nothing is called:
  // too many measurements are under way, or the meter was stopped.
  bool measure(std::chrono::milliseconds duration, Done done);

  // Ends all measurements now, each with the samples that it has, and begins no further one.
  void stop();

 private:
  struct Measurement;
  using Shared = std::shared_ptr<Measurement>;  // with the pending wait, which may outlive this object by a turn
  void arm(const Shared& measurement);
  void tick(const Shared& measurement);
  void finish(const Shared& measurement);

  Loop& loop_;
  std::vector<Shared> under_way_;
  bool stopped_ = false;
};

}  // namespace baton::reactor
