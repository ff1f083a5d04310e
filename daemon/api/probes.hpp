// What measures the daemon itself, for operators and for benchmarks: how late its loop is, and what HTTP costs without
// the board.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "http/route.hpp"

namespace baton::api {

// Measures the loop for so long, then calls the second with one sample for each millisecond. False: not now.
using LagSamples = std::vector<std::chrono::nanoseconds>;
using MeasureLag = std::function<bool(std::chrono::milliseconds, std::function<void(LagSamples)>)>;

// /api/obs/loop and /api/echo. Whoever measures must have let all responders go before the server dies.
std::vector<http::Route> probe_routes(MeasureLag measure);

}  // namespace baton::api
