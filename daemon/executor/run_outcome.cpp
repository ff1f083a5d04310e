#include "executor/run_outcome.hpp"

#include <fmt/format.h>

#include "base/bug.hpp"
#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "handoff/files.hpp"
#include "handoff/sor_files.hpp"

namespace baton::executor {
namespace {

constexpr std::size_t kUnreadKept = 4000;  // bytes of a hand-off that does not validate, kept in ours

store::ExecutionStatus status_of(const runtime::Outcome& outcome) {
  switch (outcome.end) {
    case runtime::EndKind::kSuccess: return store::ExecutionStatus::kSucceeded;
    case runtime::EndKind::kCancelled: return store::ExecutionStatus::kCancelled;
    case runtime::EndKind::kLimit:
    case runtime::EndKind::kFailed:
      return outcome.error_class == runtime::ErrorClass::kTimeout ? store::ExecutionStatus::kTimedOut
                                                                  : store::ExecutionStatus::kFailed;
  }
  bug("EndKind out of range");
}

// "crashed: exit status 3": the class for programs, the detail for people.
std::string error_text(const runtime::Outcome& outcome) {
  std::string text(to_text(outcome.end));
  if (outcome.error_class != runtime::ErrorClass::kNone) text = to_text(outcome.error_class);
  for (const auto* part : {&outcome.detail, &outcome.summary}) {
    if (part->empty()) continue;
    return text + ": " + *part;
  }
  return text;
}

}  // namespace

std::string done_reason_of(const runtime::Outcome& outcome) {
  switch (outcome.end) {
    case runtime::EndKind::kSuccess: return "success";
    case runtime::EndKind::kLimit: return "max_turns";
    case runtime::EndKind::kCancelled: return "aborted";
    case runtime::EndKind::kFailed: return "error";
  }
  bug("EndKind out of range");
}

board::ExecutionEnd execution_end_of(const runtime::Outcome& outcome, const std::string& summary) {
  board::ExecutionEnd end;
  end.status = status_of(outcome);
  end.summary = summary;
  if (outcome.memory_peak >= 0) end.memory_peak = outcome.memory_peak;
  if (outcome.end != runtime::EndKind::kSuccess) end.error = text::head(error_text(outcome), limits::kSummary);
  return end;
}

board::NewComment failure_comment(const runtime::Outcome& outcome, const RunReport& report) {
  return {.task_id = {},
          .body = fmt::format("Run {}: {}", done_reason_of(outcome),
                              report.summary.empty() ? error_text(outcome) : report.summary),
          .author_type = "system"};
}

std::vector<std::string> degradations_of(const runtime::Capabilities& capabilities) {
  std::vector<std::string> found;
  if (!capabilities.streaming) found.emplace_back("coarse-streaming: text comes at the end");
  if (!capabilities.tool_events) found.emplace_back("no-tool-events: tool calls are not seen");
  if (!capabilities.resume) found.emplace_back("no-native-resume: a later run starts from the files alone");
  return found;
}

std::string seconds_text(std::chrono::nanoseconds duration) {
  return fmt::format("{:g} s", std::chrono::duration<double>(duration).count());
}

handoff::Handoff handoff_after_run(const HandoffAfterRun& run) {
  const auto text = handoff::read_file(run.directory, handoff::kHandoffFile);
  auto found = handoff::read_handoff(run.directory);
  const bool written_by_runtime = found && text && *text != run.before;
  handoff::Handoff handoff;
  if (written_by_runtime) {
    handoff = *std::move(found);
  } else {
    handoff.handoff_from = run.agent_id;
    handoff.runtime = run.runtime_id;
    handoff.timestamp = iso8601(run.now_ms);
    if (!found && text && *text != run.before) {  // what the runtime meant to say must not be lost
      handoff.warnings.push_back("the runtime left a hand-off that cannot be read (" + found.error().what +
                                 "): " + std::string(baton::text::head(*text, kUnreadKept)));
    }
    if (found) handoff.broken_or_unverified = found->broken_or_unverified;
    if (run.keep_for_resume) {
      if (found) handoff.completed_subtasks = found->completed_subtasks;
      handoff.next_best_step = run.summary;
    } else if (!run.summary.empty()) {
      handoff.completed_subtasks = {run.summary};
    }
  }
  const bool open_session = handoff.runtime == run.runtime_id && !handoff.native_session_id.value().has_value();
  if (!run.session.empty() && open_session) handoff.native_session_id = handoff::Nullable<std::string>(run.session);
  return handoff;
}

}  // namespace baton::executor
