// The workload `claim-next`: whoever asks is given the best ready task.
//
// Checked on the way: no task is given out twice, and the answer names who asked. What "best" is, is for the server's
// own tests. An answer 204, nothing is ready, is counted apart.
#pragma once

#include <chrono>
#include <cstdint>

#include "load/options.hpp"
#include "load/phase.hpp"
#include "load/server_address.hpp"
#include "load/violations.hpp"

namespace baton::load {

struct ClaimNextOutcome {
  PhaseTimes asked;
  Latency given;            // of the answers that gave a task
  std::uint64_t empty = 0;  // answers 204
  Violations violations;
};

ClaimNextOutcome run_claim_next(const Options& options, const ServerAddress& address,
                                std::chrono::steady_clock::time_point deadline);

}  // namespace baton::load
