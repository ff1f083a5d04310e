// Comments are only added, and read with their task.
#include <fmt/format.h>

#include "store/sqlite/history_page.hpp"
#include "store/sqlite/tables.hpp"

namespace baton::store::sqlite {
namespace {

constexpr const char* kColumns = "id, task_id, author_agent_id, author_type, body, tenant_id, created_at";

constexpr int kRow = 7;  // behind kColumns

template <class Row, class Visit>
void each_column(Row& comment, Visit&& visit) {
  visit(comment.id);
  visit(comment.task_id);
  visit(comment.author_agent_id);
  visit(comment.author_type);
  visit(comment.body);
  visit(comment.tenant_id);
  visit(comment.created_at);
}

}  // namespace

Comments::Comments(Connection& connection)
    : of_task_(connection, fmt::format("SELECT {} FROM task_comments WHERE task_id = ? ORDER BY n", kColumns)),
      newest_of_(connection,
                 fmt::format("SELECT {}, n FROM task_comments WHERE task_id = ? AND n < ? ORDER BY n DESC", kColumns)),
      insert_(connection, fmt::format("INSERT INTO task_comments ({}) VALUES (?, ?, ?, ?, ?, ?, ?)", kColumns)) {}

std::vector<Comment> Comments::of_task(const TaskId& task) const {
  std::vector<Comment> found;
  for (auto run = of_task_.run(task); run.next();) each_column(found.emplace_back(), run.columns());
  return found;
}

HistoryPage<Comment> Comments::newest_of(const TaskId& task, std::optional<std::int64_t> before) const {
  return history_page<Comment>(
      newest_of_.run(task, before.value_or(kNoRowBelow)),
      [](const Run& run) {
        Comment comment;
        each_column(comment, run.columns());
        return comment;
      },
      [](const Comment& comment) { return comment.body.size(); }, kRow);
}

void Comments::insert(const Comment& comment) {
  insert_.run_with([&](Binder& bind) { each_column(comment, bind); }).finish();
}

}  // namespace baton::store::sqlite
