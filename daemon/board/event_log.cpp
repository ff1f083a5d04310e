#include "board/event_log.hpp"

#include <utility>

namespace baton::board {

void append_event(store::Tx& tx, const store::Task& task, std::string_view kind, const EventSource& source,
                  const std::function<void(json::Writer&)>& data) {
  std::string text;
  json::Writer json(text);
  json.object();
  if (data) data(json);
  json.end();
  append_event_text(tx, task, kind, source, std::move(text));
}

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
  row.tenant_id = task.tenant_id;
  row.data = std::move(data);
  tx.events.append(row);
}

}  // namespace baton::board
