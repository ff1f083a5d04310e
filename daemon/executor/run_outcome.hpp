// Translations at the end of a run: of the runtime's outcome into the ledger's words, and into the hand-off for whoever
// comes next.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "board/comment.hpp"
#include "board/execution.hpp"
#include "executor/runs.hpp"
#include "handoff/handoff.hpp"
#include "runtime/runtime.hpp"

namespace baton::executor {

// The contract's word: success, max_turns, aborted, error (§2.1).
std::string done_reason_of(const runtime::Outcome& outcome);

// Status, summary and error of the ledger's row. Usage is filled in by the recorder.
board::ExecutionEnd execution_end_of(const runtime::Outcome& outcome, const std::string& summary);

// The system's comment on a run that did not succeed.
board::NewComment failure_comment(const runtime::Outcome& outcome, const RunReport& report);

// What the runtime cannot do that a caller may have counted on, in sentences.
std::vector<std::string> degradations_of(const runtime::Capabilities& capabilities);

std::string seconds_text(std::chrono::nanoseconds duration);  // "90 s"

struct HandoffAfterRun {
  std::filesystem::path directory;
  std::string before;  // the file's text when the run began; empty: there was none
  std::string agent_id, runtime_id, summary, session;
  bool keep_for_resume = false;
  std::int64_t now_ms = 0;
};

// What to leave as AGENT_HANDOFF.json. A hand-off that the runtime wrote itself during the run stands, only its session
// is filled in; otherwise one is made from the summary: as the next step of a paused task, as work done of a finished
// one. What was open before stays listed. Reads one small file. What the runtime wrote and what does not validate is
// kept as a warning.
handoff::Handoff handoff_after_run(const HandoffAfterRun& run);

}  // namespace baton::executor
