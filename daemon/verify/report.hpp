// What people and the next attempt are told about a run of the gate.
#pragma once

#include <cstdint>
#include <string>

#include "verify/gate.hpp"
#include "verify/resolve.hpp"
#include "verify/verdict.hpp"

namespace baton::verify {

// Why a gate that ran did not pass, with the end of its output.
StructuredError explain_failure(const GateRun& gate);

// Why there was nothing to run.
StructuredError explain_unset(const GateCommand& command);

// The system's comment on a task whose attempt failed.
std::string failure_comment(const StructuredError& error, std::int64_t attempt, std::int64_t attempts_allowed);

// The block "### Gate run — <time>" for the end of VERIFICATION.md; begins with an empty line.
std::string verification_block(const GateRun& gate, std::int64_t at_ms);

}  // namespace baton::verify
