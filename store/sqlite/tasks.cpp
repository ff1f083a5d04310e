// The board's main table.
//
// Lists are bounded by an index or by a number. Ready lists walk a partial index that holds ready rows and nothing
// else; its conditions must stand in the SQL as literals, or SQLite does not see that the index answers (feasibility
// Q2), and INDEXED BY makes a statement that could not use it an error instead of a scan. Other lists walk all tasks,
// or a team's, newest first, and drop in passing what the filter does not want; since an index over the status would
// cost every transition two more pages, they stop after kListScan rows and give the place where to go on.
#include <limits>

#include <fmt/format.h>

#include "base/bug.hpp"
#include "base/limits.hpp"
#include "store/sqlite/tables.hpp"

namespace baton::store::sqlite {
namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();

// Columns in indexes that a transition leaves alone; then the others.
constexpr const char* kPlaceColumns = "id, team_id, parent_task_id";
constexpr const char* kStateColumns =
    "created_at, scheduled_by, tenant_id, source_delegation_id, parent_session_id, title, description, status, "
    "priority, dropped, "
    "assignee_agent_id, assignee_runtime, fence, claimed_at, unmet_blockers, worktree_ref, branch_ref, cost_usd, "
    "verification, "
    "updated_at, completed_at";
constexpr const char* kPlaceMarks = "?, ?, ?";
constexpr const char* kStateMarks = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";
constexpr const char* kReady = "status = 'todo' AND assignee_agent_id IS NULL AND dropped = 0 AND unmet_blockers = 0";

template <class Row, class Visit>
void each_place_column(Row& task, Visit&& visit) {
  visit(task.id);
  visit(task.team_id);
  visit(task.parent_task_id);
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
  visit(task.status);
  visit(task.priority);
  visit(task.dropped);
  visit(task.assignee_agent_id);
  visit(task.assignee_runtime);
  visit(task.fence);
  visit(task.claimed_at);
  visit(task.unmet_blockers);
  visit(task.worktree_ref);
  visit(task.branch_ref);
  visit(task.cost_usd);
  visit(task.verification);
  visit(task.updated_at);
  visit(task.completed_at);
}

// What a SELECT of tasks gives: first what lists look at before they read the row.
std::string selected() {
  return fmt::format("n, priority, status, dropped, {}, {}, last_event_seq", kPlaceColumns, kStateColumns);
}
constexpr int kN = 0;
constexpr int kPriority = 1;
constexpr int kStatus = 2;
constexpr int kDropped = 3;
constexpr int kFirstColumn = 4;

Task read(const Run& run) {
  Task task;
  auto columns = run.columns(kFirstColumn);
  each_place_column(task, columns);
  each_state_column(task, columns);
  columns(task.last_event_seq);
  return task;
}

std::string select(std::string_view rest) { return fmt::format("SELECT {} FROM tasks {}", selected(), rest); }

std::string select_ready(std::string_view index, std::string_view condition) {
  return select(fmt::format("INDEXED BY {} WHERE {} AND {} ORDER BY priority DESC, n", index, kReady, condition));
}

bool matches(const Run& run, const TaskFilter& filter) {
  if (!filter.include_dropped && run.integer(kDropped) != 0) return false;
  return !filter.status || run.text(kStatus) == to_text(*filter.status);
}

// Adds rows until the page is full; a row beyond that says that there is another page.
void fill(TaskPage& page, Run run, std::size_t limit, TaskCursor& last) {
  while (!page.next && run.next()) {
    if (page.tasks.size() == limit) {
      page.next = last;
    } else {
      last = {run.integer(kPriority), run.integer(kN)};
      page.tasks.push_back(read(run));
    }
  }
}

}  // namespace

Tasks::Tasks(Connection& connection)
    : connection_(connection),
      find_(connection, select("WHERE id = ?")),
      newest_(connection, select("WHERE n < ? ORDER BY n DESC")),
      newest_of_team_(connection, select("INDEXED BY tasks_of_team WHERE team_id = ? AND n < ? ORDER BY n DESC")),
      ready_same_priority_(connection, select_ready("tasks_ready", "priority = ? AND n > ?")),
      ready_from_priority_(connection, select_ready("tasks_ready", "priority <= ?")),
      ready_of_team_same_priority_(connection,
                                   select_ready("tasks_ready_of_team", "team_id = ? AND priority = ? AND n > ?")),
      ready_of_team_from_priority_(connection, select_ready("tasks_ready_of_team", "team_id = ? AND priority <= ?")),
      ancestor_(connection, "SELECT id, parent_task_id, title, status FROM tasks WHERE id = ?"),
      insert_(connection, fmt::format("INSERT INTO tasks ({}, {}) VALUES ({}, {})", kPlaceColumns, kStateColumns,
                                      kPlaceMarks, kStateMarks)),
      save_(connection, fmt::format("UPDATE tasks SET ({}) = ({}) WHERE id = ?", kStateColumns, kStateMarks)),
      move_(connection,
            "UPDATE tasks SET team_id = ?2, parent_task_id = ?3 "
            "WHERE id = ?1 AND (team_id IS NOT ?2 OR parent_task_id IS NOT ?3)"),
      claim_(connection,
             fmt::format("UPDATE tasks SET status = 'in_progress', assignee_agent_id = ?, assignee_runtime = ?, "
                         "claimed_at = ?, updated_at = ?, fence = fence + 1 "
                         "WHERE id = ? AND status = 'todo' AND assignee_agent_id IS NULL AND dropped = 0 RETURNING {}",
                         selected())) {}

std::optional<Task> Tasks::find(const TaskId& id) const {
  auto run = find_.run(id);
  if (!run.next()) return std::nullopt;
  return read(run);
}

TaskPage Tasks::list(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit) const {
  require(limit > 0, "store: a page of no rows has no end");
  return filter.ready ? ready(filter.team_id, after, limit) : newest(filter, after, limit);
}

TaskPage Tasks::newest(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit) const {
  TaskCursor at{.priority = 0, .row = after ? after->row : kMost};
  auto run = filter.team_id ? newest_of_team_.run(*filter.team_id, at.row) : newest_.run(at.row);
  TaskPage page;
  for (std::size_t looked_at = 0; run.next(); ++looked_at) {
    if (page.tasks.size() == limit || looked_at == limits::kListScan) {
      page.next = at;
      break;
    }
    at.row = run.integer(kN);
    if (matches(run, filter)) page.tasks.push_back(read(run));
  }
  return page;
}

// Two steps, the rest of the cursor's priority and then the lower ones: the order is mixed (priority falls, n rises),
// for which SQL has no comparison that an index could answer.
TaskPage Tasks::ready(const std::optional<std::string>& team, std::optional<TaskCursor> after,
                      std::size_t limit) const {
  TaskPage page;
  TaskCursor last = after.value_or(TaskCursor{});
  std::int64_t highest = kMost;
  if (after) {
    fill(page,
         team ? ready_of_team_same_priority_.run(*team, after->priority, after->row)
              : ready_same_priority_.run(after->priority, after->row),
         limit, last);
    if (page.next || after->priority == kLeast) return page;
    highest = after->priority - 1;
  }
  fill(page, team ? ready_of_team_from_priority_.run(*team, highest) : ready_from_priority_.run(highest), limit, last);
  return page;
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
  if (saved == 0) {
    connection_.note_failure({Errc::kInternal, fmt::format("task {} is not there to be saved", task.id.value)});
  }
}

std::optional<Task> Tasks::claim(const ClaimUpdate& update) {
  auto run = claim_.run(update.assignee_agent_id, update.assignee_runtime, update.now_ms, update.now_ms, update.id);
  if (!run.next()) return std::nullopt;
  Task task = read(run);
  run.finish();
  return task;
}

}  // namespace baton::store::sqlite
