// What the board shows: one task with what hangs on it, and pages of tasks.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "board/why.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct TaskDetail {
  store::Task task;
  std::vector<store::Comment> comments;    // oldest first
  std::vector<store::Ancestor> ancestors;  // parent first
  std::vector<Blocker> blocked_by;         // what it waits for and is not done
};

// kNotFound.
Result<store::Task> find_task(const store::View& view, const TaskId& id);
Result<TaskDetail> read_task(const store::View& view, const TaskId& id);
Result<store::TaskPage> list_tasks(const store::View& view, const store::TaskFilter& filter,
                                   std::optional<store::TaskCursor> after, std::size_t limit);

// How many ancestors a task has, counted up to `limit`.
std::size_t depth_of(const store::View& view, const TaskId& id, std::size_t limit);

// The error that every script answers for a task that is not there.
Error task_not_found(const TaskId& id);

}  // namespace baton::board
