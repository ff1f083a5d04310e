// How a run with a transcript must go, as its author says ("expect" in TRANSCRIPTS.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json_reader.hpp"
#include "plugin_check/finding.hpp"
#include "plugin_check/kept_run.hpp"

namespace baton::plugin_check {

struct Expectation {
  std::string result = {}, error = {};                             // "success", "auth"; empty: any
  std::vector<std::string> words = {};                             // are said in the answer, in this order
  std::int64_t tokens_in = -1, tokens_out = -1, cost_micros = -1;  // at the end; -1: not looked at
};

// From a transcript's root; members that are missing expect nothing.
Expectation read_expectation(json::Value root);

// The first thing that went otherwise. Without a result it is `result` that is expected.
std::optional<Finding> unmet(const Expectation& expected, const KeptRun& run, std::string_view result);
// The words alone.
std::optional<Finding> unsaid(const Expectation& expected, const KeptRun& run);

}  // namespace baton::plugin_check
