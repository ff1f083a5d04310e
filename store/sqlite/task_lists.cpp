// Lists are bounded by an index or by a number. Ready lists walk a partial index that holds ready rows and nothing
// else; its conditions must stand in the SQL as literals, or SQLite does not see that the index answers (feasibility
// Q2), and INDEXED BY makes a statement that could not use it an error instead of a scan. Other lists walk all tasks,
// or a team's, newest first. Both drop in passing what the filter does not want; since an index over the status would
// cost every transition two more pages, they stop after kListScan rows and give the place where to go on.
#include "store/sqlite/task_lists.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/bug.hpp"
#include "base/limits.hpp"
#include "store/sqlite/task_row.hpp"

namespace baton::store::sqlite {
namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();

std::string select_ready(std::string_view index, std::string_view condition) {
  return task_row::select(
      fmt::format("INDEXED BY {} WHERE status = 'todo' AND assignee_agent_id IS NULL AND dropped = 0 AND "
                  "unmet_blockers = 0 AND {} ORDER BY priority DESC, n",
                  index, condition));
}

bool has_kind(const Run& run, const std::vector<std::string>& kinds) {
  if (kinds.empty()) return true;
  const auto kind = run.is_null(task_row::kKind) ? kDefaultKind : run.text(task_row::kKind);
  return std::ranges::find(kinds, kind) != kinds.end();
}

// What the index of a ready list has decided is not asked again.
bool is_wanted(const Run& run, const TaskFilter& filter) {
  if (!filter.ready) {
    if (!filter.include_dropped && run.integer(task_row::kDropped) != 0) return false;
    if (filter.status && run.text(task_row::kStatus) != to_text(*filter.status)) return false;
  }
  return has_kind(run, filter.kinds);
}

// Gathers a page from one run, or from several one after the other.
class Walk {
 public:
  Walk(const TaskFilter& filter, std::size_t limit) : filter_(filter), limit_(limit) {}

  // A row beyond the last says that there is another page.
  void follow(Run run) {
    while (!page_.next && run.next()) {
      if (page_.tasks.size() == limit_ || looked_at_ == limits::kListScan) {
        page_.next = last_;
      } else {
        look_at(run);
      }
    }
  }
  bool is_over() const { return page_.next.has_value(); }
  TaskPage page() && { return std::move(page_); }

 private:
  void look_at(const Run& run) {
    ++looked_at_;
    last_ = {run.integer(task_row::kPriority), run.integer(task_row::kN)};
    if (is_wanted(run, filter_)) page_.tasks.push_back(task_row::read(run));
  }

  const TaskFilter& filter_;
  const std::size_t limit_;
  TaskPage page_;
  TaskCursor last_;
  std::size_t looked_at_ = 0;
};

}  // namespace

TaskLists::TaskLists(Connection& connection)
    : newest_(connection, task_row::select("WHERE n < ? ORDER BY n DESC")),
      newest_of_team_(connection,
                      task_row::select("INDEXED BY tasks_of_team WHERE team_id = ? AND n < ? ORDER BY n DESC")),
      ready_same_priority_(connection, select_ready("tasks_ready", "priority = ? AND n > ?")),
      ready_from_priority_(connection, select_ready("tasks_ready", "priority <= ?")),
      ready_of_team_same_priority_(connection,
                                   select_ready("tasks_ready_of_team", "team_id = ? AND priority = ? AND n > ?")),
      ready_of_team_from_priority_(connection, select_ready("tasks_ready_of_team", "team_id = ? AND priority <= ?")) {}

TaskPage TaskLists::page(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit) {
  require(limit > 0, "store: a page of no rows has no end");
  return filter.ready ? ready(filter, after, limit) : newest(filter, after, limit);
}

TaskPage TaskLists::newest(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit) {
  const std::int64_t below = after ? after->row : kMost;
  Walk walk(filter, limit);
  walk.follow(filter.team_id ? newest_of_team_.run(*filter.team_id, below) : newest_.run(below));
  return std::move(walk).page();
}

// Two steps, the rest of the cursor's priority and then the lower ones: the order is mixed (priority falls, n rises),
// for which SQL has no comparison that an index could answer.
TaskPage TaskLists::ready(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit) {
  const auto& team = filter.team_id;
  Walk walk(filter, limit);
  std::int64_t highest = kMost;
  if (after) {
    walk.follow(team ? ready_of_team_same_priority_.run(*team, after->priority, after->row)
                     : ready_same_priority_.run(after->priority, after->row));
    if (walk.is_over() || after->priority == kLeast) return std::move(walk).page();
    highest = after->priority - 1;
  }
  walk.follow(team ? ready_of_team_from_priority_.run(*team, highest) : ready_from_priority_.run(highest));
  return std::move(walk).page();
}

}  // namespace baton::store::sqlite
