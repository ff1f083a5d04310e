// The words in which statuses lie on disk and go over the wire (contract §1.1, §1.3, §1.4).
#include "store/rows.hpp"

#include "base/bug.hpp"

namespace baton::store {
namespace {

// The value of an enumeration counted from 0 to `last` whose word is `text`.
template <class Status>
std::optional<Status> from_text(std::string_view text, Status last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto status = static_cast<Status>(i);
    if (to_text(status) == text) return status;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(TaskStatus status) {
  switch (status) {
    case TaskStatus::kBacklog: return "backlog";
    case TaskStatus::kTodo: return "todo";
    case TaskStatus::kInProgress: return "in_progress";
    case TaskStatus::kInReview: return "in_review";
    case TaskStatus::kBlocked: return "blocked";
    case TaskStatus::kDone: return "done";
    case TaskStatus::kCancelled: return "cancelled";
  }
  bug("TaskStatus out of range");
}

std::string_view to_text(ExecutionStatus status) {
  switch (status) {
    case ExecutionStatus::kRunning: return "running";
    case ExecutionStatus::kSucceeded: return "succeeded";
    case ExecutionStatus::kFailed: return "failed";
    case ExecutionStatus::kTimedOut: return "timed_out";
    case ExecutionStatus::kCancelled: return "cancelled";
  }
  bug("ExecutionStatus out of range");
}

std::string_view to_text(WorkspaceStatus status) {
  switch (status) {
    case WorkspaceStatus::kActive: return "active";
    case WorkspaceStatus::kArchived: return "archived";
    case WorkspaceStatus::kStale: return "stale";
  }
  bug("WorkspaceStatus out of range");
}

std::optional<TaskStatus> task_status_from(std::string_view text) { return from_text(text, TaskStatus::kCancelled); }

std::optional<ExecutionStatus> execution_status_from(std::string_view text) {
  return from_text(text, ExecutionStatus::kCancelled);
}

std::optional<WorkspaceStatus> workspace_status_from(std::string_view text) {
  return from_text(text, WorkspaceStatus::kStale);
}

}  // namespace baton::store
