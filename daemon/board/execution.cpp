#include "board/execution.hpp"

#include "base/bug.hpp"
#include "base/text.hpp"
#include "board/event_log.hpp"
#include "board/own.hpp"
#include "board/read.hpp"

namespace baton::board {
namespace {

Error execution_not_found(const ExecutionId& id) {
  return {Errc::kNotFound, "execution '" + text::shortened(id.value) + "' not found, or it has ended",
          "execution_not_found"};
}

}  // namespace

Result<store::Execution> open_execution(store::Tx& tx, const NewExecution& request) {
  const auto task = find_task(tx, request.task_id);
  if (!task) return fail(task.error());
  if (request.workspace_id) {
    const auto workspace = tx.workspaces.newest_of(request.task_id);
    if (!workspace || workspace->id != *request.workspace_id) {
      return fail(Errc::kNotFound, "workspace '" + text::shortened(request.workspace_id->value) + "' not found",
                  "workspace_not_found");
    }
  }
  store::Execution row;
  row.id = ExecutionId(tx.ids.next());
  row.task_id = request.task_id;
  row.workspace_id = request.workspace_id;
  row.executor_type = request.executor_type;
  row.claimed_at = row.started_at = row.created_at = tx.now_ms;
  row.before_commit = request.before_commit;
  row.run_reason = request.run_reason;
  row.tenant_id = task->tenant_id;
  tx.executions.insert(row);
  append_event(
      tx, *task, event::kExecutionStarted, {task->assignee_agent_id, row.executor_type},
      [&](json::Writer& json) { json.field("execId", row.id.value).field("executorType", row.executor_type); });
  return row;
}

Result<Unit> close_execution(store::Tx& tx, const ExecutionId& id, const ExecutionEnd& end,
                             const std::optional<std::int64_t>& fence) {
  auto row = tx.executions.find(id);
  if (!row || row->status != store::ExecutionStatus::kRunning) return fail(execution_not_found(id));
  if (row->lease_fence) {
    return fail(Errc::kConflict, "the execution is a run of this daemon, which will end it", "owned_by_daemon");
  }
  const auto task = find_task(tx, row->task_id);
  if (!task) return fail(task.error());
  if (auto current = check_fence(*task, fence); !current) return current;
  const auto agent = agent_of(*task, *row);
  end_execution(tx, *std::move(row), end, agent);
  return Unit{};
}

Result<std::vector<store::Execution>> executions_of(const store::View& view, const TaskId& task) {
  if (!view.tasks.find(task)) return fail(task_not_found(task));
  return view.executions.of_task(task);
}

Result<store::HistoryPage<store::Execution>> execution_page(const store::View& view, const TaskId& task,
                                                            std::optional<std::int64_t> before) {
  if (!view.tasks.find(task)) return fail(task_not_found(task));
  return view.executions.newest_of(task, before);
}

std::optional<std::string> agent_of(const store::Task& task, const store::Execution& row) {
  if (row.lease_fence) return *row.lease_fence == task.fence ? task.assignee_agent_id : std::nullopt;
  if (!task.claimed_at || row.created_at < *task.claimed_at) return std::nullopt;
  return task.assignee_agent_id;
}

std::optional<ExecutionId> run_of(const store::View& view, const store::Task& task) {
  return view.executions.leased_at(task.id, task.fence);
}

void end_client_executions(store::Tx& tx, const store::Task& task, const ExecutionEnd& end) {
  for (auto& row : tx.executions.running_of(task.id)) {
    if (row.lease_fence) continue;
    const auto agent = agent_of(task, row);
    end_execution(tx, std::move(row), end, agent);
  }
}

void end_execution(store::Tx& tx, store::Execution row, const ExecutionEnd& end,
                   const std::optional<std::string>& agent) {
  require(row.status == store::ExecutionStatus::kRunning, "an execution ends once");
  require(end.status != store::ExecutionStatus::kRunning, "running is not an end");
  row.status = end.status;
  row.completed_at = tx.now_ms;
  row.after_commit = end.after_commit;
  row.input_tokens = end.input_tokens;
  row.output_tokens = end.output_tokens;
  row.cache_read = end.cache_read;
  row.cache_write = end.cache_write;
  row.cost_usd = end.cost_usd;
  row.summary = end.summary;
  row.error = end.error;
  tx.executions.save(row);
  const auto task = tx.tasks.find(row.task_id);
  if (!task) return;  // a storage failure: this transaction will be undone
  append_event(tx, *task, event::kExecutionCompleted, {agent, row.executor_type}, [&](json::Writer& json) {
    json.field("execId", row.id.value).field("status", to_text(row.status));
    json.field("costUsd", row.cost_usd).field("error", row.error);
    json.field("inputTokens", row.input_tokens).field("outputTokens", row.output_tokens);
    if (end.memory_peak) json.field("memoryPeakBytes", *end.memory_peak);
  });
}

}  // namespace baton::board
