// What came out, for people or for programs. The JSON's keys are a contract: bench/README.md.
#pragma once

#include <string>

#include "load/claims.hpp"

namespace baton::load {

std::string text_report(const Options& options, const ClaimsOutcome& outcome);
std::string json_report(const Options& options, const ClaimsOutcome& outcome);

}  // namespace baton::load
