// The problem: many claimants, one task, and an answer that is true for each of them.
// The idea: the guard is in the UPDATE itself (todo, unassigned, not dropped, nothing unmet), so that whatever else is
// wrong, two can never win. Then the row is read: to answer with it, or to say why not. The common case costs these two
// statements, one event and, in a team, one line in its room.
#include "board/claim.hpp"

#include "board/event_log.hpp"
#include "board/read.hpp"
#include "board/room.hpp"
#include "board/status.hpp"
#include "board/why.hpp"

namespace baton::board {
namespace {

class Details {
 public:
  template <class T>
  void add(std::string_view name, const T& content) {
    std::string text;
    json::Writer json(text);
    json.value(content);
    list_.push_back({name, std::move(text)});
  }
  template <class T>
  void add_known(std::string_view name, const std::optional<T>& content) {
    if (content) add(name, *content);
  }
  void add(std::string_view name, const std::vector<Blocker>& blockers) {
    std::string text;
    json::Writer json(text);
    write_json(json, blockers);
    list_.push_back({name, std::move(text)});
  }
  std::vector<Detail> take() { return std::move(list_); }

 private:
  std::vector<Detail> list_;
};

void add_holder(Details& details, const Holder& holder) {
  details.add("holder", holder.agent_id);
  details.add_known("holderRuntime", holder.runtime);
  details.add_known("since", holder.since);
  details.add_known("until", holder.until);
  if (holder.execution_id) details.add("executionId", holder.execution_id->value);
}

void tell(store::Tx& tx, const store::Task& task) {
  append_event(tx, task, event::kTaskClaimed, {task.assignee_agent_id, task.assignee_runtime}, [&](json::Writer& json) {
    json.field("assigneeAgentId", task.assignee_agent_id)
        .field("assigneeRuntime", task.assignee_runtime)
        .field("fence", task.fence);
  });
  narrate(tx, task, {*task.assignee_agent_id, " claimed \"", task.title, "\""});
}

}  // namespace

Error claim_refused(const store::View& view, store::Task task) {
  const auto about = explain_task(view, std::move(task));
  Details details;
  details.add("status", to_text(about.task.status));
  details.add("fence", about.task.fence);
  if (about.holder) add_holder(details, *about.holder);
  if (!about.blocked_by.empty()) details.add("blockedBy", about.blocked_by);
  return {Errc::kConflict, about.sentence, about.reason, details.take()};
}

std::optional<Error> claim_obstacle(const store::View& view, const TaskId& id) {
  auto task = view.tasks.find(id);
  if (!task) return task_not_found(id);
  if (is_ready(*task)) return std::nullopt;
  return claim_refused(view, *std::move(task));
}

bool stops(const Error& obstacle, const ClaimRequest& request) {
  return obstacle.reason != "dependencies" || !request.ignore_dependencies;
}

Result<store::Task> claim(store::Tx& tx, const ClaimRequest& request) {
  const bool tracked = request.own_lease && request.lease_ms;
  auto task = tx.tasks.claim({.id = request.task_id,
                              .assignee_agent_id = request.assignee_agent_id,
                              .assignee_runtime = request.assignee_runtime,
                              .now_ms = tx.now_ms,
                              .ignore_dependencies = request.ignore_dependencies,
                              .lease_ms = request.lease_ms,
                              .lease_check_at = tracked ? std::optional(tx.now_ms + *request.lease_ms) : std::nullopt});
  if (!task) {
    auto there = tx.tasks.find(request.task_id);
    return fail(there ? claim_refused(tx, *std::move(there)) : task_not_found(request.task_id));
  }
  tell(tx, *task);
  return *std::move(task);
}

}  // namespace baton::board
