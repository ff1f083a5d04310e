// The rows, as plain data. What a column means is the business of `daemon/board`; SCHEMA.md says how it lies on disk.
//
// Times are milliseconds since 1970. Absent text is std::nullopt and NULL on disk, never "".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace baton::store {

enum class TaskStatus : std::uint8_t { kBacklog, kTodo, kInProgress, kInReview, kBlocked, kDone, kCancelled };
inline constexpr int kTaskStatuses = 7;

std::string_view to_text(TaskStatus status);  // "in_progress"
std::optional<TaskStatus> task_status_from(std::string_view text);

struct Task {
  TaskId id;
  std::string title;
  std::optional<std::string> description;
  TaskStatus status = TaskStatus::kTodo;
  std::int64_t priority = 0;
  std::optional<std::string> team_id;
  std::optional<std::string> assignee_agent_id;
  std::optional<std::string> assignee_runtime;
  std::optional<TaskId> parent_task_id;
  std::optional<std::string> source_delegation_id;
  std::optional<std::string> worktree_ref;  // path of the checkout
  std::optional<std::string> branch_ref;
  double cost_usd = 0;
  std::optional<std::string> parent_session_id;
  bool dropped = false;
  std::optional<std::string> tenant_id;
  std::optional<std::string> verification;  // JSON text, see verify/verdict.hpp
  std::string scheduled_by = "manual";
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;
  std::optional<std::int64_t> completed_at;
  // Ours, not on the old wire:
  std::int64_t fence = 0;  // rises by one with every change of owner; an owner's writes must carry the current one
  std::optional<std::int64_t> claimed_at;
  std::int64_t unmet_blockers = 0;  // dependencies whose task is not done; kept in the blocker's own transaction
  std::int64_t last_event_seq = 0;  // head of this task's chain through the event log
  // What kind of work it is ("code", "research"): claim-next asks for it, a run takes its isolation from it.
  std::optional<std::string> kind;
  // How long the owner may be silent before the stale sweep takes the task back (board/lease.hpp). Nothing: nobody owns
  // it, or a run of this daemon does, whose end is known without a clock.
  std::optional<std::int64_t> lease_ms;
  // When the sweep looks at it next, for owners of whom it keeps track one by one. The only indexed one of the three:
  // most claims end before it is ever set.
  std::optional<std::int64_t> lease_check_at;
};

// "code" for a task without a kind (contract §1.5).
inline constexpr std::string_view kDefaultKind = "code";
inline std::string_view kind_of(const Task& task) { return task.kind ? std::string_view(*task.kind) : kDefaultKind; }

struct Ancestor {
  TaskId id;
  std::optional<TaskId> parent_task_id;
  std::string title;
  TaskStatus status = TaskStatus::kTodo;
};

struct Comment {
  CommentId id;
  TaskId task_id;
  std::optional<std::string> author_agent_id;
  std::string author_type = "agent";  // agent, user, system
  std::string body;
  std::optional<std::string> tenant_id;
  std::int64_t created_at = 0;
};

enum class ExecutionStatus : std::uint8_t { kRunning, kSucceeded, kFailed, kTimedOut, kCancelled };

std::string_view to_text(ExecutionStatus status);  // "timed_out"
std::optional<ExecutionStatus> execution_status_from(std::string_view text);

struct Execution {
  ExecutionId id;
  TaskId task_id;
  std::optional<WorkspaceId> workspace_id;
  std::string executor_type;  // the runtime's id
  ExecutionStatus status = ExecutionStatus::kRunning;
  std::int64_t claimed_at = 0;
  std::int64_t started_at = 0;
  std::optional<std::int64_t> completed_at;
  std::optional<std::string> before_commit;
  std::optional<std::string> after_commit;
  std::optional<std::int64_t> input_tokens;
  std::optional<std::int64_t> output_tokens;
  std::optional<std::int64_t> cache_read;
  std::optional<std::int64_t> cache_write;
  std::optional<double> cost_usd;
  std::optional<std::string> summary;
  std::optional<std::string> run_reason;
  std::optional<std::string> error;
  bool recovery_tombstone = false;  // closed by recovery, not by its runner
  std::optional<std::string> tenant_id;
  std::int64_t created_at = 0;
  // Ours: the fence under which the daemon's own executor runs it; nothing for rows that clients wrote.
  // After a restart a running row with a fence belongs to a dead run.
  std::optional<std::int64_t> lease_fence;
};

enum class WorkspaceStatus : std::uint8_t { kActive, kArchived, kStale };

std::string_view to_text(WorkspaceStatus status);
std::optional<WorkspaceStatus> workspace_status_from(std::string_view text);

struct Workspace {
  WorkspaceId id;
  TaskId task_id;
  std::string repo_path;
  std::optional<std::string> branch;
  std::optional<std::string> worktree_path;
  WorkspaceStatus status = WorkspaceStatus::kActive;
  std::optional<std::string> tenant_id;
  std::int64_t created_at = 0;
  std::optional<std::int64_t> last_used_at;
  // Ours: the scaffold commit that diffs are measured against (never searched for), the commit it was made from, and
  // which of the six files the user's repository already had, as a JSON array of names.
  std::optional<std::string> baseline_commit;
  std::optional<std::string> base_commit;
  std::string user_files = "[]";
};

// One line of the event log. `seq` is given by append(); rows of one task are chained by `previous_seq`.
struct Event {
  std::int64_t seq = 0;
  std::string id;
  std::int64_t ts = 0;
  std::string kind;  // task_created, task_claimed, ... (board/event_kinds.hpp)
  std::optional<std::string> team_id;
  std::optional<TaskId> task_id;
  std::optional<std::string> agent_id;
  std::optional<std::string> runtime;
  // The root of the task's tree (contract §7). Nothing: the task itself is the root, so it need not be written again.
  std::optional<std::string> trace_id;
  std::string data = "{}";  // JSON text
  std::optional<std::string> tenant_id;
  std::int64_t previous_seq = 0;  // 0: first of its task
};

// What the wire calls an event's trace: its own, or its task. Nothing for an event of no task.
inline std::optional<std::string_view> trace_of(const Event& event) {
  if (event.trace_id) return *event.trace_id;
  if (event.task_id) return event.task_id->value;
  return std::nullopt;
}

// One line of a room (contract §8). `seq` counts within the room, from 1 without gaps, and is given by append().
struct Post {
  std::string id;
  std::string room_id;  // "team:<teamId>"
  std::int64_t seq = 0;
  std::optional<std::string> team_id;
  std::string author_agent_id;
  std::string body;
  std::string kind = "message";  // message; system: told by the board
  std::int64_t created_at = 0;
};

// The answer that was given under an Idempotency-Key.
struct KeptAnswer {
  std::string key;
  std::string request;                // digest of what was asked; another request under the same key is refused
  std::optional<std::string> answer;  // the body, JSON; nothing: what the key began has not ended
  std::int64_t created_at = 0;
};

}  // namespace baton::store
