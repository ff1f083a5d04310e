#include "board/read.hpp"

#include <utility>

#include "base/text.hpp"

namespace baton::board {
namespace {

// Bounds the walk to the root; deeper trees are cut in the answer, not refused.
constexpr std::size_t kAncestorsShown = 64;

}  // namespace

Error task_not_found(const TaskId& id) {
  return {Errc::kNotFound, "task '" + text::shortened(id.value) + "' not found", "not_found"};
}

Result<store::Task> find_task(const store::View& view, const TaskId& id) {
  auto task = view.tasks.find(id);
  if (!task) return fail(task_not_found(id));
  return *std::move(task);
}

Result<TaskDetail> read_task(const store::View& view, const TaskId& id, std::optional<std::int64_t> comments_before) {
  auto task = find_task(view, id);
  if (!task) return fail(task);
  auto comments = view.comments.newest_of(id, comments_before);
  TaskDetail detail{*std::move(task), std::move(comments.rows), {}, {}, comments.older};
  if (detail.task.parent_task_id) detail.ancestors = view.tasks.ancestors(id, kAncestorsShown);
  if (detail.task.unmet_blockers > 0) detail.blocked_by = unmet_blockers(view, id);
  return detail;
}

Result<store::TaskPage> list_tasks(const store::View& view, const store::TaskFilter& filter,
                                   std::optional<store::TaskCursor> after, std::size_t limit) {
  return view.tasks.list(filter, after, limit);
}

std::size_t depth_of(const store::View& view, const TaskId& id, std::size_t limit) {
  return view.tasks.ancestors(id, limit).size();
}

}  // namespace baton::board
