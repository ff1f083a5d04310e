#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "verify/verdict.hpp"

namespace baton::verify {
namespace {

constexpr std::string_view kNoCritic =
    R"({"ran":false,"findings":[],"reviewerRuntime":null,"reviewerModel":null,"reviewedSha":null})";

void write_gate(json::Writer& json, const GateRun& gate) {
  json.object().field("command", gate.command).field("exitCode", gate.exit_code).field("passed", gate.passed);
  json.field("stdoutTail", gate.stdout_tail).field("stderrTail", gate.stderr_tail);
  json.field("durationMs", gate.duration_ms).field("timedOut", gate.timed_out).end();
}

void write_error(json::Writer& json, const std::optional<StructuredError>& error) {
  json.key("structuredError");
  if (!error) {
    json.value(nullptr);
    return;
  }
  json.object().field("what", error->what).field("why", error->why).field("howToFix", error->how_to_fix).end();
}

void write_attempt(json::Writer& json, const Attempt& attempt) {
  json.object().field("attempt", attempt.number).field("at", attempt.at_ms).key("deterministic");
  write_gate(json, attempt.gate);
  json.raw_field("critic", attempt.critic_json.empty() ? kNoCritic : attempt.critic_json);
  json.field("status", to_text(attempt.status));
  write_error(json, attempt.error);
  json.end();
}

}  // namespace

std::string render_verdict(const Verdict& verdict) {
  std::string text;
  json::Writer json(text);
  json.object().field("status", to_text(verdict.status)).key("attempts").array();
  for (const auto& attempt : verdict.attempts) write_attempt(json, attempt);
  json.end().key("debtNotes").array();
  for (const auto& note : verdict.debt_notes) {
    json.object().field("criterion", note.criterion).field("severity", note.severity);
    json.field("justification", note.justification).end();
  }
  json.end().field("updatedAt", verdict.updated_at_ms).end();
  return text::repaired_utf8(text);  // a command is whatever bytes somebody configured
}

}  // namespace baton::verify
