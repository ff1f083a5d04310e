#include "board/create.hpp"

#include "base/text.hpp"
#include "board/event_log.hpp"

namespace baton::board {

Result<store::Task> create_task(store::Tx& tx, const NewTask& request) {
  if (request.parent_task_id && !tx.tasks.find(*request.parent_task_id)) {
    return fail(Errc::kNotFound, "parent task '" + text::shortened(request.parent_task_id->value) + "' not found",
                "parent_not_found");
  }
  store::Task task;
  task.id = TaskId(tx.ids.next());
  task.title = request.title;
  task.description = request.description;
  task.status = request.status;
  task.priority = request.priority;
  task.team_id = request.team_id;
  task.assignee_runtime = request.assignee_runtime;
  task.parent_task_id = request.parent_task_id;
  task.source_delegation_id = request.source_delegation_id;
  task.tenant_id = request.tenant_id;
  task.kind = request.kind;
  task.created_at = task.updated_at = tx.now_ms;
  if (task.status == store::TaskStatus::kInProgress && request.lease_ms) {
    task.lease_ms = request.lease_ms;
    task.lease_check_at = tx.now_ms + *request.lease_ms;
  }
  tx.tasks.insert(task);
  append_event(tx, task, event::kTaskCreated, {}, [&](json::Writer& json) {
    json.field("title", task.title).field("status", to_text(task.status));
    json.key("parentTaskId");
    task.parent_task_id ? json.value(task.parent_task_id->value) : json.value(nullptr);
  });
  return task;
}

}  // namespace baton::board
