// What the board shows: one task with what hangs on it, and pages of tasks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "board/why.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct TaskDetail {
  store::Task task;
  std::vector<store::Comment> comments;             // oldest first, the newest ones when there are many
  std::vector<store::Ancestor> ancestors;           // parent first
  std::vector<Blocker> blocked_by;                  // what it waits for and is not done
  std::optional<std::int64_t> older_comments = {};  // there are more: those before this one
};

// kNotFound.
Result<store::Task> find_task(const store::View& view, const TaskId& id);
// With `comments_before` the comments are those before what `older_comments` of another look said.
Result<TaskDetail> read_task(const store::View& view, const TaskId& id,
                             std::optional<std::int64_t> comments_before = {});
Result<store::TaskPage> list_tasks(const store::View& view, const store::TaskFilter& filter,
                                   std::optional<store::TaskCursor> after, std::size_t limit);

// How many ancestors a task has, counted up to `limit`.
std::size_t depth_of(const store::View& view, const TaskId& id, std::size_t limit);

// The error that every script answers for a task that is not there.
Error task_not_found(const TaskId& id);

}  // namespace baton::board
