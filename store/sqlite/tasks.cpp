#include "store/sqlite/tasks.hpp"

#include <fmt/format.h>

#include "store/sqlite/task_row.hpp"

namespace baton::store::sqlite {
namespace {

// Bytes that a row has too many until it is claimed: about what the claim adds to it. Tasks are made one after the
// other, which leaves their pages full, and a row that grows in a full page splits it: three more pages to write.
constexpr int kReserve = 48;

}  // namespace

using task_row::each_place_column;
using task_row::each_state_column;
using task_row::select;

Tasks::Tasks(Connection& connection)
    : connection_(connection),
      lists_(connection),
      find_(connection, select("WHERE id = ?")),
      ancestor_(connection, "SELECT id, parent_task_id, title, status FROM tasks WHERE id = ?"),
      lease_due_(connection,
                 select("INDEXED BY tasks_leases WHERE lease_check_at <= ? ORDER BY lease_check_at LIMIT ?")),
      insert_(connection,
              fmt::format("INSERT INTO tasks ({}, {}, reserve) VALUES ({}, {}, zeroblob({}))", task_row::kPlaceColumns,
                          task_row::kStateColumns, task_row::kPlaceMarks, task_row::kStateMarks, kReserve)),
      save_(connection,
            fmt::format("UPDATE tasks SET ({}) = ({}) WHERE id = ?", task_row::kStateColumns, task_row::kStateMarks)),
      move_(connection,
            "UPDATE tasks SET team_id = ?2, parent_task_id = ?3 "
            "WHERE id = ?1 AND (team_id IS NOT ?2 OR parent_task_id IS NOT ?3)"),
      watch_lease_(connection, "UPDATE tasks SET lease_check_at = ?2 WHERE id = ?1 AND lease_check_at IS NOT ?2"),
      claim_(connection,
             "UPDATE tasks SET status = 'in_progress', assignee_agent_id = ?, assignee_runtime = ?, claimed_at = ?, "
             "updated_at = ?, lease_ms = ?, fence = fence + 1, reserve = NULL "
             "WHERE id = ? AND status = 'todo' AND assignee_agent_id IS NULL AND dropped = 0 "
             "AND (unmet_blockers = 0 OR ?)") {}

std::optional<Task> Tasks::find(const TaskId& id) const {
  auto run = find_.run(id);
  if (!run.next()) return std::nullopt;
  return task_row::read(run);
}

TaskPage Tasks::list(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit) const {
  return lists_.page(filter, after, limit);
}

std::vector<Ancestor> Tasks::ancestors(const TaskId& id, std::size_t limit) const {
  std::vector<Ancestor> found;
  std::optional<TaskId> next = id;
  for (std::size_t row = 0; next && row <= limit; ++row) {  // the first row is the task itself
    auto run = ancestor_.run(*next);
    if (!run.next()) break;
    Ancestor ancestor;
    auto columns = run.columns();
    columns(ancestor.id);
    columns(ancestor.parent_task_id);
    columns(ancestor.title);
    columns(ancestor.status);
    next = ancestor.parent_task_id;
    if (row > 0) found.push_back(std::move(ancestor));
  }
  return found;
}

void Tasks::insert(const Task& task) {
  insert_
      .run_with([&](Binder& bind) {
        each_place_column(task, bind);
        each_state_column(task, bind);
      })
      .finish();
}

// The columns in indexes are written apart and only when they differ: an UPDATE that names them writes the index pages
// even if the values are the same.
void Tasks::save(const Task& task) {
  const int saved = save_
                        .run_with([&](Binder& bind) {
                          each_state_column(task, bind);
                          bind(task.id);
                        })
                        .finish();
  move_.run(task.id, task.team_id, task.parent_task_id).finish();
  watch_lease_.run(task.id, task.lease_check_at).finish();
  if (saved == 0) {
    connection_.note_failure({Errc::kInternal, fmt::format("task {} is not there to be saved", task.id.value)});
  }
}

// The row is read by itself: RETURNING would build a table in memory for it, with a pager of its own, each time.
std::optional<Task> Tasks::claim(const ClaimUpdate& update) {
  const int claimed = claim_
                          .run(update.assignee_agent_id, update.assignee_runtime, update.now_ms, update.now_ms,
                               update.lease_ms, update.id, update.ignore_dependencies)
                          .finish();
  if (claimed == 0) return std::nullopt;
  if (update.lease_check_at) watch_lease_.run(update.id, update.lease_check_at).finish();
  return find(update.id);
}

std::vector<Task> Tasks::lease_due(std::int64_t now_ms, std::size_t limit) const {
  std::vector<Task> found;
  for (auto run = lease_due_.run(now_ms, limit); run.next();) found.push_back(task_row::read(run));
  return found;
}

}  // namespace baton::store::sqlite
