// The columns of the board's main table: how a row is read and bound, for all statements over it.
#pragma once

#include <string>
#include <string_view>

#include "store/rows.hpp"
#include "store/sqlite/statement.hpp"

namespace baton::store::sqlite::task_row {

// Columns in indexes that a transition leaves alone (SCHEMA.md: cost of a write); then the others.
inline constexpr const char* kPlaceColumns = "id, team_id, parent_task_id, lease_check_at";
inline constexpr const char* kStateColumns =
    "created_at, scheduled_by, tenant_id, source_delegation_id, parent_session_id, title, description, kind, status, "
    "priority, dropped, assignee_agent_id, assignee_runtime, fence, claimed_at, lease_ms, unmet_blockers, "
    "worktree_ref, branch_ref, cost_usd, verification, updated_at, completed_at";
inline constexpr const char* kPlaceMarks = "?, ?, ?, ?";
inline constexpr const char* kStateMarks = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

// `visit` is a Binder or Columns.
template <class Row, class Visit>
void each_place_column(Row& task, Visit&& visit) {
  visit(task.id);
  visit(task.team_id);
  visit(task.parent_task_id);
  visit(task.lease_check_at);
}

template <class Row, class Visit>
void each_state_column(Row& task, Visit&& visit) {
  visit(task.created_at);
  visit(task.scheduled_by);
  visit(task.tenant_id);
  visit(task.source_delegation_id);
  visit(task.parent_session_id);
  visit(task.title);
  visit(task.description);
  visit(task.kind);
  visit(task.status);
  visit(task.priority);
  visit(task.dropped);
  visit(task.assignee_agent_id);
  visit(task.assignee_runtime);
  visit(task.fence);
  visit(task.claimed_at);
  visit(task.lease_ms);
  visit(task.unmet_blockers);
  visit(task.worktree_ref);
  visit(task.branch_ref);
  visit(task.cost_usd);
  visit(task.verification);
  visit(task.updated_at);
  visit(task.completed_at);
}

// What a SELECT of tasks gives: first what lists look at before they read the row.
std::string selected();
inline constexpr int kN = 0;
inline constexpr int kPriority = 1;
inline constexpr int kStatus = 2;
inline constexpr int kDropped = 3;
inline constexpr int kKind = 4;

// "SELECT ... FROM tasks " and `rest`.
std::string select(std::string_view rest);

// The row at which `run`, of such a SELECT, stands.
Task read(const Run& run);

}  // namespace baton::store::sqlite::task_row
