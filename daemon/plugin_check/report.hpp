// What was found out, for people and for programs (REPORT.md).
#pragma once

#include <string>
#include <vector>

#include "plugin_check/options.hpp"
#include "plugin_check/runner.hpp"

namespace baton::plugin_check {

bool is_good(const std::vector<Tried>& all);  // no fault, no crash

std::string list_text(bool as_json);
std::string line_for(const Tried& tried, const Options& options);  // and what its process wrote, if it is not good
std::string summary_text(const std::vector<Tried>& all);           // what is not good once more, and how many of what
std::string report_json(const Options& options, const std::vector<Tried>& all);

}  // namespace baton::plugin_check
