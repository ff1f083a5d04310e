// What came out, for people or for programs. The JSON's keys are a contract: load/README.md.
#pragma once

#include <string>

#include "load/claim_next.hpp"
#include "load/claims.hpp"
#include "load/repeat.hpp"

namespace baton::load {

std::string text_report(const Options& options, const ClaimsOutcome& outcome);
std::string text_report(const Options& options, const ClaimNextOutcome& outcome);
std::string text_report(const Options& options, const RepeatOutcome& outcome);
std::string json_report(const Options& options, const ClaimsOutcome& outcome);
std::string json_report(const Options& options, const ClaimNextOutcome& outcome);
std::string json_report(const Options& options, const RepeatOutcome& outcome);

}  // namespace baton::load
