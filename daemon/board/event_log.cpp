#include "board/event_log.hpp"

namespace baton::board {

void append_event(store::Tx& tx, const store::Task& task, std::string_view kind, const EventSource& source,
                  const std::function<void(json::Writer&)>& data) {
  store::Event row;
  row.id = tx.ids.next();
  row.ts = tx.now_ms;
  row.kind = kind;
  row.team_id = task.team_id;
  row.task_id = task.id;
  row.agent_id = source.agent_id;
  row.runtime = source.runtime;
  row.tenant_id = task.tenant_id;
  row.data.clear();
  json::Writer json(row.data);
  json.object();
  if (data) data(json);
  json.end();
  tx.events.append(row);
}

}  // namespace baton::board
