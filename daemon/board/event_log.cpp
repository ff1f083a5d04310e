#include "board/event_log.hpp"

#include <utility>

namespace baton::board {

namespace {

// Bounds the walk to the root, as read.cpp does: a deeper tree is several traces.
constexpr std::size_t kDeepest = 64;

// A root names its trace by being there (store/rows.hpp), so that what most events are about is not written twice.
std::optional<std::string> trace_of(const store::Tx& tx, const store::Task& task) {
  if (!task.parent_task_id) return std::nullopt;
  auto ancestors = tx.tasks.ancestors(task.id, kDeepest);
  return ancestors.empty() ? std::nullopt : std::optional(std::move(ancestors.back().id.value));
}

}  // namespace

void append_event_text(store::Tx& tx, const store::Task& task, std::string_view kind, const EventSource& source,
                       std::string data) {
  store::Event row;
  row.id = tx.ids.next();
  row.ts = tx.now_ms;
  row.kind = kind;
  row.team_id = task.team_id;
  row.task_id = task.id;
  row.agent_id = source.agent_id;
  row.runtime = source.runtime;
  row.trace_id = trace_of(tx, task);
  row.tenant_id = task.tenant_id;
  row.data = std::move(data);
  tx.events.append(row);
}

}  // namespace baton::board
