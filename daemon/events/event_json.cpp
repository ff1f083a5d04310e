#include "events/event_json.hpp"

#include <optional>
#include <string_view>

namespace baton::events {

void write_json(json::Writer& json, const store::Event& event) {
  std::optional<std::string_view> task;
  if (event.task_id) task = event.task_id->value;
  json.object()
      .field("seq", event.seq)
      .field("id", event.id)
      .field("ts", event.ts)
      .field("kind", event.kind)
      .field("teamId", event.team_id)
      .field("taskId", task)
      .field("agentId", event.agent_id)
      .field("runtime", event.runtime)
      .field("traceId", store::trace_of(event))
      .field("spanId", nullptr)
      .field("parentSpanId", nullptr)
      .field("correlationId", nullptr)
      .field("data", event.data)
      .field("tenantId", event.tenant_id)
      .field("createdAt", event.ts)
      .end();
}

}  // namespace baton::events
