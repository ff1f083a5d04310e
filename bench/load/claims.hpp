// The workload `claims`: create tasks (or take those of a file), let claimants race for them, read each one back.
//
// Checked on the way: a task has exactly one winner, the answer to it names the winner, all others are refused with
// 409; and at the end: each task is in progress with the claimant whose claim was acknowledged.
#pragma once

#include <chrono>

#include "load/options.hpp"
#include "load/phase.hpp"
#include "load/server_address.hpp"
#include "load/violations.hpp"

namespace baton::load {

struct ClaimsOutcome {
  PhaseTimes create, claim, read_back;
  Latency won;                    // of the claims that were acknowledged
  std::uint64_t given_tasks = 0;  // with --ids: how many the file named
  std::uint64_t refused = 0;      // claims answered with 409
  Violations violations;
};

ClaimsOutcome run_claims(const Options& options, const ServerAddress& address,
                         std::chrono::steady_clock::time_point deadline);

}  // namespace baton::load
