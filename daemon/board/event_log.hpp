// The kinds of events, and how a script appends one for a task.
//
// Kinds up to kExecutionCompleted are the contract's (§7); the others are ours, for mutations that the old log left
// out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
inline constexpr std::string_view kDependencyUnlinked = "dep_unlinked";
inline constexpr std::string_view kDependencyCancelled = "dep_cancelled";  // a blocker was cancelled or dropped
inline constexpr std::string_view kDependencyRestored = "dep_restored";    // a dropped blocker is back on the board
inline constexpr std::string_view kTaskAssigned = "task_assigned";         // passed from owner to owner in one step
inline constexpr std::string_view kTaskDropped = "task_dropped";
inline constexpr std::string_view kTaskRestored = "task_restored";
inline constexpr std::string_view kPosted = "team_chat_post";
inline constexpr std::string_view kVerification = "verification";
inline constexpr std::string_view kWorkspaceProvisioned = "workspace_provisioned";
inline constexpr std::string_view kWorkspacePaused = "workspace_paused";
inline constexpr std::string_view kWorkspaceCompleted = "workspace_completed";
inline constexpr std::string_view kWorkspaceCollected = "workspace_collected";
inline constexpr std::string_view kSalvageRestored = "salvage_restored";
inline constexpr std::string_view kSalvagePruned = "salvage_pruned";
inline constexpr std::string_view kHandoffWritten = "handoff_written";
inline constexpr std::string_view kSession = "runtime_session";
}  // namespace event

// Who did it, as far as that is known.
struct EventSource {
  std::optional<std::string> agent_id = {};
  std::optional<std::string> runtime = {};
};

// Appends an event about `task` whose `data` is a JSON object already. `task` is as it stands after the mutation.
void append_event_text(store::Tx& tx, const store::Task& task, std::string_view kind, const EventSource& source,
                       std::string data);

// The same; `fill(json::Writer&)` writes the members of the object. A template, because every claim passes here and a
// std::function would cost it an allocation.
template <class Fill>
void append_event(store::Tx& tx, const store::Task& task, std::string_view kind, const EventSource& source,
                  const Fill& fill) {
  constexpr std::size_t kUsual = 160;
  std::string text;
  text.reserve(kUsual);
  json::Writer json(text);
  json.object();
  fill(json);
  json.end();
  append_event_text(tx, task, kind, source, std::move(text));
}

}  // namespace baton::board
