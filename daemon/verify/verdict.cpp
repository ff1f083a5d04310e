// Reading is tolerant: other tools write verdicts too, and a cell that was written years ago must not make its task
// unreadable.
#include "verify/verdict.hpp"

#include <limits>
#include <utility>

#include "base/json_reader.hpp"
#include "base/limits.hpp"

namespace baton::verify {
namespace {

using json::Value;

std::string text_of(Value object, std::string_view name) { return std::string(json::text(object, name).value_or("")); }

std::optional<VerdictStatus> status_of(Value object) {
  const auto status = json::text(object, "status");
  for (const auto known : {VerdictStatus::kPass, VerdictStatus::kFail, VerdictStatus::kCompletedWithDebt}) {
    if (status == to_text(known)) return known;
  }
  return std::nullopt;
}

GateRun gate_of(Value object) {
  GateRun run;
  run.command = text_of(object, "command");
  const auto exit_code = json::integer(object, "exitCode");
  if (exit_code && std::in_range<int>(*exit_code)) run.exit_code = static_cast<int>(*exit_code);
  run.passed = json::boolean(object, "passed").value_or(false);
  run.stdout_tail = text_of(object, "stdoutTail");
  run.stderr_tail = text_of(object, "stderrTail");
  run.duration_ms = json::integer(object, "durationMs").value_or(0);
  run.timed_out = json::boolean(object, "timedOut").value_or(false);
  return run;
}

Attempt attempt_of(Value object) {
  Attempt attempt;
  attempt.number = json::integer(object, "attempt").value_or(1);
  attempt.at_ms = json::integer(object, "at").value_or(0);
  if (const auto gate = json::member(object, "deterministic")) attempt.gate = gate_of(*gate);
  if (const auto critic = json::member(object, "critic")) attempt.critic_json = simdjson::minify(*critic);
  attempt.status = status_of(object).value_or(VerdictStatus::kFail);
  if (const auto error = json::member(object, "structuredError"); error && error->is_object()) {
    attempt.error = StructuredError{text_of(*error, "what"), text_of(*error, "why"), text_of(*error, "howToFix")};
  }
  return attempt;
}

// The elements of an array that are objects.
std::vector<Value> objects_of(Value object, std::string_view name) {
  std::vector<Value> found;
  const auto list = json::member(object, name);
  if (!list || !list->is_array()) return found;
  for (const Value item : simdjson::dom::array(*list)) {
    if (item.is_object()) found.push_back(item);
  }
  return found;
}

std::int64_t number_after(const Verdict& verdict) {
  if (verdict.attempts.empty()) return 1;
  const std::int64_t last = verdict.attempts.back().number;
  return last < std::numeric_limits<std::int32_t>::max() ? last + 1 : 1;  // a cell from elsewhere may hold any number
}

}  // namespace

std::optional<Verdict> parse_verdict(std::string_view text) {
  const auto document = json::Document::parse(text);
  if (!document) return std::nullopt;
  const auto status = status_of(document->root());
  if (!status) return std::nullopt;
  Verdict verdict;
  verdict.status = *status;
  for (const Value attempt : objects_of(document->root(), "attempts")) verdict.attempts.push_back(attempt_of(attempt));
  for (const Value note : objects_of(document->root(), "debtNotes")) {
    verdict.debt_notes.push_back(
        {text_of(note, "criterion"), text_of(note, "severity"), text_of(note, "justification")});
  }
  verdict.updated_at_ms = json::integer(document->root(), "updatedAt").value_or(0);
  return verdict;
}

Verdict with_attempt(std::optional<Verdict> before, GateRun gate, VerdictStatus status,
                     std::optional<StructuredError> error, std::int64_t now_ms) {
  Verdict verdict = std::move(before).value_or(Verdict{});
  if (status == VerdictStatus::kPass) error.reset();
  if (status == VerdictStatus::kCompletedWithDebt) {
    // The severity is the contract's word for a gate that is red; a reviewer's findings name their own.
    verdict.debt_notes.push_back({"deterministic gate", gate.passed ? "other" : "crash", error ? error->what : ""});
  }
  Attempt attempt;
  attempt.number = number_after(verdict);
  attempt.at_ms = now_ms;
  attempt.gate = std::move(gate);
  attempt.status = status;
  attempt.error = std::move(error);
  verdict.attempts.push_back(std::move(attempt));
  if (verdict.attempts.size() > limits::kVerdictAttempts) verdict.attempts.erase(verdict.attempts.begin());
  verdict.status = status;
  verdict.updated_at_ms = now_ms;
  return verdict;
}

}  // namespace baton::verify
