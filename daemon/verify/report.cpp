#include "verify/report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

namespace baton::verify {
namespace {

std::string outcome_of(const GateRun& gate) {
  if (gate.timed_out) return fmt::format("was ended after {} ms, which is its limit", gate.duration_ms);
  if (!gate.exit_code) return "was ended by a signal";
  return fmt::format("exited with {}", *gate.exit_code);
}

// What was said on either stream; stderr last, as the end of a log is where the reason stands.
std::string output_of(const GateRun& gate) {
  std::string output = gate.stdout_tail;
  if (!output.empty() && output.back() != '\n' && !gate.stderr_tail.empty()) output += '\n';
  output += gate.stderr_tail;
  return std::string(text::tail(output, limits::kGateTail));
}

// Without colours and cursor movements: only line breaks and tabulators are left of the control characters.
std::string printable(std::string_view output) {
  std::string plain;
  for (const char c : output) {
    const bool control = (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
    if (!control) plain += c;
  }
  return plain;
}

// The longest run of backticks in the text: a fence or span around it must be longer.
std::size_t longest_backtick_run(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string fenced(std::string_view text) {
  const std::string fence(std::max<std::size_t>(3, longest_backtick_run(text) + 1), '`');
  return fmt::format("{}text\n{}{}{}\n", fence, text, text.ends_with('\n') ? "" : "\n", fence);
}

// On one short line, whatever it is: a command of several lines must not begin a heading.
std::string one_line(std::string_view command) {
  constexpr std::size_t kShown = 500;
  std::string line = printable(text::head(command, kShown));
  if (command.size() > kShown) line += " […]";
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace

StructuredError explain_failure(const GateRun& gate) {
  StructuredError error;
  error.what = fmt::format("The verify command `{}` {}.", one_line(gate.command), outcome_of(gate));
  error.why = "A task is done when its verify command exits with 0 in time, and not before.";
  const std::string output = printable(output_of(gate));
  error.how_to_fix = output.empty()
                         ? "It said nothing. Run it in the worktree and find out why it fails."
                         : "Run it in the worktree and remove the cause. The end of what it said:\n" + output;
  return error;
}

StructuredError explain_unset(const GateCommand& command) {
  StructuredError error;
  error.what = "There is no verify command for this task, so nothing could judge the work.";
  error.why = command.problem.empty() ? "Neither the configuration nor the base commit names one."
                                      : fmt::format("The one that is named cannot be used: {}.", command.problem);
  error.how_to_fix = fmt::format(
      "Commit a {} with `verify` under `[gate]` or an init.sh with VERIFY_CMD to the branch that tasks start from, or "
      "set the command in the daemon's configuration.",
      kRepositoryFile);
  return error;
}

std::string failure_comment(const StructuredError& error, std::int64_t attempt, std::int64_t attempts_allowed) {
  return fmt::format("Verification failed (attempt {} of {}).\nWhat: {}\nWhy: {}\nHow to fix: {}", attempt,
                     std::max(attempt, attempts_allowed), error.what, error.why, error.how_to_fix);
}

std::string verification_block(const GateRun& gate, std::int64_t at_ms) {
  const std::string_view result = gate.timed_out ? "TIMED OUT" : gate.passed ? "PASS" : "FAIL";
  const std::string exit = gate.exit_code ? fmt::format("exit {}", *gate.exit_code) : "no exit code";
  return fmt::format("\n### Gate run — {}\n\n- Command: `{}`\n- Result: {} ({}, {}ms)\n\n{}", iso8601(at_ms),
                     one_line(gate.command), result, exit, gate.duration_ms, fenced(printable(output_of(gate))));
}

}  // namespace baton::verify
