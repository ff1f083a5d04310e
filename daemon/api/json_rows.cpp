#include "api/json_rows.hpp"

#include "board/lease.hpp"

namespace baton::api {
namespace {

template <class Tag>
std::optional<std::string_view> text_of(const std::optional<Id<Tag>>& id) {
  return id ? std::optional<std::string_view>(id->value) : std::nullopt;
}

int as_flag(bool value) { return value ? 1 : 0; }  // the contract has 0 and 1 here

}  // namespace

void write_json(json::Writer& json, const store::Task& task) {
  json.object();
  json.field("id", task.id.value).field("title", task.title).field("description", task.description);
  json.field("status", to_text(task.status)).field("priority", task.priority).field("teamId", task.team_id);
  json.field("assigneeAgentId", task.assignee_agent_id).field("assigneeRuntime", task.assignee_runtime);
  json.field("parentTaskId", text_of(task.parent_task_id)).field("sourceDelegationId", task.source_delegation_id);
  json.field("worktreeRef", task.worktree_ref).field("branchRef", task.branch_ref).field("costUsd", task.cost_usd);
  json.field("parentSessionId", task.parent_session_id).field("dropped", as_flag(task.dropped));
  json.field("tenantId", task.tenant_id).field("scheduledBy", task.scheduled_by);
  json.field("verification", task.verification).field("createdAt", task.created_at);
  json.field("updatedAt", task.updated_at).field("completedAt", task.completed_at);
  json.field("fence", task.fence).field("claimedAt", task.claimed_at).field("unmetBlockers", task.unmet_blockers);
  json.field("kind", task.kind).field("leaseExpiresAt", board::lease_expires_at(task));
  json.end();
}

void write_json(json::Writer& json, const store::Comment& comment) {
  json.object();
  json.field("id", comment.id.value).field("taskId", comment.task_id.value);
  json.field("authorAgentId", comment.author_agent_id).field("authorType", comment.author_type);
  json.field("body", comment.body).field("tenantId", comment.tenant_id).field("createdAt", comment.created_at);
  json.end();
}

void write_json(json::Writer& json, const store::Ancestor& ancestor) {
  json.object();
  json.field("id", ancestor.id.value).field("parent_task_id", text_of(ancestor.parent_task_id));
  json.field("title", ancestor.title).field("status", to_text(ancestor.status));
  json.end();
}

void write_json(json::Writer& json, const store::Execution& row) {
  json.object();
  json.field("id", row.id.value).field("taskId", row.task_id.value).field("workspaceId", text_of(row.workspace_id));
  json.field("executorType", row.executor_type).field("status", to_text(row.status));
  json.field("claimedAt", row.claimed_at).field("startedAt", row.started_at).field("completedAt", row.completed_at);
  json.field("beforeCommit", row.before_commit).field("afterCommit", row.after_commit);
  json.field("inputTokens", row.input_tokens).field("outputTokens", row.output_tokens);
  json.field("cacheRead", row.cache_read).field("cacheWrite", row.cache_write).field("costUsd", row.cost_usd);
  json.field("summary", row.summary).field("runReason", row.run_reason).field("error", row.error);
  json.field("recoveryTombstone", as_flag(row.recovery_tombstone)).field("tenantId", row.tenant_id);
  json.field("createdAt", row.created_at);
  json.end();
}

void write_json(json::Writer& json, const store::Workspace& row) {
  json.object();
  json.field("id", row.id.value).field("taskId", row.task_id.value).field("repoPath", row.repo_path);
  json.field("branch", row.branch).field("worktreePath", row.worktree_path).field("status", to_text(row.status));
  json.field("tenantId", row.tenant_id).field("createdAt", row.created_at).field("lastUsedAt", row.last_used_at);
  json.field("baseCommit", row.base_commit).field("baselineCommit", row.baseline_commit);
  json.end();
}

void write_json(json::Writer& json, const store::Post& post) {
  json.object();
  json.field("id", post.id).field("roomId", post.room_id).field("teamId", post.team_id);
  json.field("authorAgentId", post.author_agent_id).field("body", post.body).field("kind", post.kind);
  json.field("createdAt", post.created_at).field("seq", post.seq);
  json.end();
}

void write_json(json::Writer& json, const board::Holder& holder) {
  json.object();
  json.field("agentId", holder.agent_id).field("runtime", holder.runtime).field("since", holder.since);
  json.field("until", holder.until).field("executionId", text_of(holder.execution_id));
  json.end();
}

void write_ok_task(json::Writer& json, const store::Task& task) {
  json.field("ok", true).key("task");
  write_json(json, task);
}

}  // namespace baton::api
