// A check, and the list of all.
//
// Ids are stable: people name them in their build files. Each runs in a process of its own (runner.hpp), so it may
// leave behind what it likes. A check tries one thing, and what it finds wrong is about that thing alone: when its
// preparation does not work, another check is there for that, and it says kSkip.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin_check/finding.hpp"
#include "plugin_check/subject.hpp"

namespace baton::plugin_check {

struct Check {
  std::string_view id;     // kebab-case
  std::string_view group;  // "binary", "descriptor", "life", "host", ...
  std::string_view what;   // one line: what holds when it passes
  Finding (*run)(const Subject& subject);
  std::chrono::seconds limit{20};  // of the machine's time; more is a failure
};

// One list per group, in files checks_<group>.cpp.
std::span<const Check> binary_checks();
std::span<const Check> descriptor_checks();
std::span<const Check> life_checks();
std::span<const Check> host_checks();
// Of the group runs.
std::span<const Check> run_end_checks();
std::span<const Check> run_cancel_checks();
std::span<const Check> run_output_checks();
std::span<const Check> run_protocol_checks();
// Of the group conduct.
std::span<const Check> conduct_trace_checks();
std::span<const Check> conduct_call_checks();
std::span<const Check> conduct_growth_checks();
// Of the group claims.
std::span<const Check> claim_event_checks();
std::span<const Check> claim_request_checks();

// All, in the order in which they are tried.
const std::vector<Check>& all_checks();
const Check* find_check(std::string_view id);  // null: there is none
// The id that is written so much like `id` that it may be meant; empty: none is.
std::string_view nearest_id(std::string_view id);

}  // namespace baton::plugin_check
