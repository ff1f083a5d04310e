// Pages of tasks: the newest ones, and the ready ones in the order in which they are to be claimed.
#pragma once

#include <cstddef>
#include <optional>

#include "store/sqlite/statement.hpp"
#include "store/tx.hpp"

namespace baton::store::sqlite {

class TaskLists {
 public:
  explicit TaskLists(Connection& connection);

  // As TaskTable::list().
  TaskPage page(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit);

 private:
  TaskPage newest(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit);
  TaskPage ready(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit);

  Statement newest_;
  Statement newest_of_team_;
  Statement ready_same_priority_;
  Statement ready_from_priority_;
  Statement ready_of_team_same_priority_;
  Statement ready_of_team_from_priority_;
};

}  // namespace baton::store::sqlite
