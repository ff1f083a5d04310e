// The workload `repeat`: one request, sent again and again. Works with any HTTP server, so that its numbers have
// something to stand beside: an echo, a page of nginx.
//
// Checked on the way: each answer has the expected status.
#pragma once

#include <chrono>

#include "load/options.hpp"
#include "load/phase.hpp"
#include "load/server_address.hpp"
#include "load/violations.hpp"

namespace baton::load {

struct RepeatOutcome {
  PhaseTimes times;
  Violations violations;
};

RepeatOutcome run_repeat(const Options& options, const ServerAddress& address,
                         std::chrono::steady_clock::time_point deadline);

}  // namespace baton::load
