// The verdict on a task's work, as it is kept with the task (tasks.verification) and shown to clients.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verify/gate.hpp"

namespace baton::verify {

enum class VerdictStatus : std::uint8_t { kPass, kFail, kCompletedWithDebt };

std::string_view to_text(VerdictStatus status);  // "pass", "fail", "completed_with_debt"

// Why an attempt did not pass, for whoever tries next.
struct StructuredError {
  std::string what, why, how_to_fix;
};

struct Attempt {
  std::int64_t number = 1;
  std::int64_t at_ms = 0;
  GateRun gate;
  std::string critic_json = {};  // a reviewer's report as it was read; empty: none ran
  VerdictStatus status = VerdictStatus::kFail;
  std::optional<StructuredError> error = {};
};

struct DebtNote {
  std::string criterion, severity, justification;
};

struct Verdict {
  VerdictStatus status = VerdictStatus::kFail;
  std::vector<Attempt> attempts = {};  // oldest first
  std::vector<DebtNote> debt_notes = {};
  std::int64_t updated_at_ms = 0;
};

// Nothing for text that is no verdict; what an older one lacks gets its default.
std::optional<Verdict> parse_verdict(std::string_view json);
std::string render_verdict(const Verdict& verdict);

// `before` with one attempt more, numbered after the last one. The oldest attempts go when there are more than
// limits::kVerdictAttempts. `error` is left out of a pass; an end in debt adds its note.
Verdict with_attempt(std::optional<Verdict> before, GateRun gate, VerdictStatus status,
                     std::optional<StructuredError> error, std::int64_t now_ms);

}  // namespace baton::verify
