// The kinds of events, and how a script appends one for a task.
//
// Kinds up to kExecutionCompleted are the contract's (§7); the others are ours, for mutations that the old log left
// out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_writer.hpp"
#include "store/tx.hpp"

namespace baton::board {

namespace event {
inline constexpr std::string_view kTaskCreated = "task_created";
inline constexpr std::string_view kTaskClaimed = "task_claimed";
inline constexpr std::string_view kStatusChanged = "status_changed";
inline constexpr std::string_view kCommentAdded = "comment_added";
inline constexpr std::string_view kDependencyLinked = "dep_linked";
inline constexpr std::string_view kExecutionStarted = "execution_started";
inline constexpr std::string_view kExecutionCompleted = "execution_completed";
inline constexpr std::string_view kToolCall = "tool_call";
inline constexpr std::string_view kToolResult = "tool_result";
inline constexpr std::string_view kCost = "cost";
inline constexpr std::string_view kTaskEdited = "task_edited";
inline constexpr std::string_view kTaskReady = "task_ready";  // its last unmet blocker became done
inline constexpr std::string_view kVerification = "verification";
inline constexpr std::string_view kWorkspaceProvisioned = "workspace_provisioned";
inline constexpr std::string_view kWorkspacePaused = "workspace_paused";
inline constexpr std::string_view kWorkspaceCompleted = "workspace_completed";
inline constexpr std::string_view kHandoffWritten = "handoff_written";
inline constexpr std::string_view kSession = "runtime_session";
}  // namespace event

struct EventSource {
  std::optional<std::string> agent_id = {};
  std::optional<std::string> runtime = {};
};

// Appends an event about `task`; `data` fills its JSON object. `task` is as it stands after the mutation.
void append_event(store::Tx& tx, const store::Task& task, std::string_view kind, const EventSource& source,
                  const std::function<void(json::Writer&)>& data = {});

// The same with an object that is JSON text already.
void append_event_text(store::Tx& tx, const store::Task& task, std::string_view kind, const EventSource& source,
                       std::string data);

}  // namespace baton::board
