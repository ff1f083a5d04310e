// Edges between tasks: `task_id` waits for `depends_on_task_id`. Whether a ring would arise is asked before an edge is
// laid.
#include "store/sqlite/tables.hpp"

namespace baton::store::sqlite {
namespace {

std::vector<TaskId> read_all(Run run) {
  std::vector<TaskId> found;
  while (run.next()) found.emplace_back(run.text(0));
  return found;
}

}  // namespace

// UNION, not UNION ALL: a task that two ways lead to is followed once, so the search ends even in a ring, and its cost
// is the number of edges and not of paths.
Dependencies::Dependencies(Connection& connection)
    : blockers_of_(connection,
                   "SELECT depends_on_task_id FROM task_deps WHERE task_id = ? ORDER BY depends_on_task_id LIMIT ?"),
      dependents_of_(connection, "SELECT task_id FROM task_deps WHERE depends_on_task_id = ? ORDER BY task_id LIMIT ?"),
      reaches_(connection,
               "WITH RECURSIVE reached(id) AS ("
               "  SELECT ? UNION SELECT depends_on_task_id FROM reached JOIN task_deps ON task_id = reached.id) "
               "SELECT 1 FROM reached WHERE id = ? LIMIT 1"),
      insert_(connection, "INSERT INTO task_deps (task_id, depends_on_task_id) VALUES (?, ?) ON CONFLICT DO NOTHING"),
      erase_(connection, "DELETE FROM task_deps WHERE task_id = ? AND depends_on_task_id = ?") {}

std::vector<TaskId> Dependencies::blockers_of(const TaskId& task, std::size_t limit) const {
  return read_all(blockers_of_.run(task, limit));
}

std::vector<TaskId> Dependencies::dependents_of(const TaskId& task, std::size_t limit) const {
  return read_all(dependents_of_.run(task, limit));
}

bool Dependencies::reaches(const TaskId& from, const TaskId& to) const { return reaches_.run(from, to).next(); }

bool Dependencies::insert(const TaskId& task, const TaskId& depends_on) {
  return insert_.run(task, depends_on).finish() > 0;
}

bool Dependencies::erase(const TaskId& task, const TaskId& depends_on) {
  return erase_.run(task, depends_on).finish() > 0;
}

}  // namespace baton::store::sqlite
