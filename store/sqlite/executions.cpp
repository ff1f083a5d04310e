// Runs of tasks. The partial index holds only those that this daemon's executor has under way, a handful, so that a
// restart finds the ones a dead daemon left without looking at history.
#include <fmt/format.h>

#include "store/sqlite/history_page.hpp"
#include "store/sqlite/tables.hpp"

namespace baton::store::sqlite {
namespace {

constexpr const char* kFixedColumns = "id, task_id, created_at, tenant_id, executor_type";
constexpr const char* kStateColumns =
    "workspace_id, status, claimed_at, started_at, completed_at, before_commit, after_commit, input_tokens, "
    "output_tokens, "
    "cache_read, cache_write, cost_usd, summary, run_reason, error, recovery_tombstone, lease_fence";
constexpr const char* kFixedMarks = "?, ?, ?, ?, ?";
constexpr const char* kStateMarks = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

template <class Row, class Visit>
void each_fixed_column(Row& execution, Visit&& visit) {
  visit(execution.id);
  visit(execution.task_id);
  visit(execution.created_at);
  visit(execution.tenant_id);
  visit(execution.executor_type);
}

template <class Row, class Visit>
void each_state_column(Row& execution, Visit&& visit) {
  visit(execution.workspace_id);
  visit(execution.status);
  visit(execution.claimed_at);
  visit(execution.started_at);
  visit(execution.completed_at);
  visit(execution.before_commit);
  visit(execution.after_commit);
  visit(execution.input_tokens);
  visit(execution.output_tokens);
  visit(execution.cache_read);
  visit(execution.cache_write);
  visit(execution.cost_usd);
  visit(execution.summary);
  visit(execution.run_reason);
  visit(execution.error);
  visit(execution.recovery_tombstone);
  visit(execution.lease_fence);
}

Execution read(const Run& run) {
  Execution execution;
  auto columns = run.columns();
  each_fixed_column(execution, columns);
  each_state_column(execution, columns);
  return execution;
}

constexpr int kRow = 22;  // behind the columns

std::size_t size_of(const Execution& execution) {
  std::size_t size = 0;
  for (const auto* text : {&execution.summary, &execution.run_reason, &execution.error}) {
    if (*text) size += (*text)->size();
  }
  return size;
}

std::vector<Execution> read_all(Run run) {
  std::vector<Execution> found;
  while (run.next()) found.push_back(read(run));
  return found;
}

std::string select(std::string_view rest) {
  return fmt::format("SELECT {}, {} FROM execution_processes {}", kFixedColumns, kStateColumns, rest);
}

}  // namespace

Executions::Executions(Connection& connection)
    : connection_(connection),
      find_(connection, select("WHERE id = ?")),
      of_task_(connection, select("WHERE task_id = ? ORDER BY n")),
      running_of_(connection, select("WHERE task_id = ? AND status = 'running' ORDER BY n")),
      newest_of_(connection, fmt::format("SELECT {}, {}, n FROM execution_processes WHERE task_id = ? AND n < ? "
                                         "ORDER BY n DESC",
                                         kFixedColumns, kStateColumns)),
      leased_(connection, select("INDEXED BY execution_processes_leased "
                                 "WHERE status = 'running' AND lease_fence IS NOT NULL ORDER BY n")),
      leased_at_(connection,
                 "SELECT id FROM execution_processes INDEXED BY execution_processes_leased "
                 "WHERE status = 'running' AND lease_fence = ? AND task_id = ?"),
      insert_(connection, fmt::format("INSERT INTO execution_processes ({}, {}) VALUES ({}, {})", kFixedColumns,
                                      kStateColumns, kFixedMarks, kStateMarks)),
      save_(connection,
            fmt::format("UPDATE execution_processes SET ({}) = ({}) WHERE id = ?", kStateColumns, kStateMarks)) {}

std::optional<Execution> Executions::find(const ExecutionId& id) const {
  auto run = find_.run(id);
  if (!run.next()) return std::nullopt;
  return read(run);
}

std::vector<Execution> Executions::of_task(const TaskId& task) const { return read_all(of_task_.run(task)); }

std::vector<Execution> Executions::running_of(const TaskId& task) const { return read_all(running_of_.run(task)); }

HistoryPage<Execution> Executions::newest_of(const TaskId& task, std::optional<std::int64_t> before) const {
  return history_page<Execution>(newest_of_.run(task, before.value_or(kNoRowBelow)), read, size_of, kRow);
}

std::vector<Execution> Executions::leased() const { return read_all(leased_.run()); }

std::optional<ExecutionId> Executions::leased_at(const TaskId& task, std::int64_t fence) const {
  auto run = leased_at_.run(fence, task);
  if (!run.next()) return std::nullopt;
  ExecutionId id;
  run.columns()(id);
  return id;
}

void Executions::insert(const Execution& execution) {
  insert_
      .run_with([&](Binder& bind) {
        each_fixed_column(execution, bind);
        each_state_column(execution, bind);
      })
      .finish();
}

void Executions::save(const Execution& execution) {
  const int saved = save_
                        .run_with([&](Binder& bind) {
                          each_state_column(execution, bind);
                          bind(execution.id);
                        })
                        .finish();
  if (saved == 0) {
    connection_.note_failure(
        {Errc::kInternal, fmt::format("execution {} is not there to be saved", execution.id.value)});
  }
}

}  // namespace baton::store::sqlite
