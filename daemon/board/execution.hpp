// The ledger of runs: who worked on a task, when, with what result. First terminal state wins.
//
// Rows come from the daemon's own executor (run.hpp) and from clients that run agents themselves; only the former carry
// a lease.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct NewExecution {
  TaskId task_id;
  std::string executor_type;
  std::optional<WorkspaceId> workspace_id = {};
  std::optional<std::string> run_reason = {};
  std::optional<std::string> before_commit = {};
};

// A row that runs now. kNotFound: the task, or a workspace that is not the task's.
Result<store::Execution> open_execution(store::Tx& tx, const NewExecution& request);

// What is known when an execution ends. Absent numbers are unknown, not zero.
struct ExecutionEnd {
  store::ExecutionStatus status = store::ExecutionStatus::kSucceeded;
  std::optional<std::string> summary = {};
  std::optional<std::string> error = {};
  std::optional<std::string> after_commit = {};
  std::optional<std::int64_t> input_tokens = {};
  std::optional<std::int64_t> output_tokens = {};
  std::optional<std::int64_t> cache_read = {};
  std::optional<std::int64_t> cache_write = {};
  std::optional<double> cost_usd = {};
  std::optional<std::int64_t> memory_peak = {};  // bytes; told in the event only
};

// kNotFound: no such execution, or it has ended. kConflict "owned_by_daemon": a run of this daemon ends by itself;
// "stale_fence": `fence` is given and not the task's current one.
Result<Unit> close_execution(store::Tx& tx, const ExecutionId& id, const ExecutionEnd& end,
                             const std::optional<std::int64_t>& fence = {});

// kNotFound for a task that is not there.
Result<std::vector<store::Execution>> executions_of(const store::View& view, const TaskId& task);
// The newest of them, or those before what `older` of another page said.
Result<store::HistoryPage<store::Execution>> execution_page(const store::View& view, const TaskId& task,
                                                            std::optional<std::int64_t> before);

// Ends `row` whoever owns it, and writes row and event. `agent` is who worked, if that is known: not whoever owns the
// task by now.
void end_execution(store::Tx& tx, store::Execution row, const ExecutionEnd& end,
                   const std::optional<std::string>& agent);

// Ends, in the same way, what clients say they run for `task`, given as it was read in this transaction.
void end_client_executions(store::Tx& tx, const store::Task& task, const ExecutionEnd& end);

// The agent that owned `task` when `row` began, if that is its owner still.
std::optional<std::string> agent_of(const store::Task& task, const store::Execution& row);

// The run of this daemon that goes on under the fence that `task` has now. Nothing: none does.
std::optional<ExecutionId> run_of(const store::View& view, const store::Task& task);

}  // namespace baton::board
