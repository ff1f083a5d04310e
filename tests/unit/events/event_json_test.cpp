#include "events/event_json.hpp"

#include <string>

#include <gtest/gtest.h>

namespace baton::events {
namespace {

std::string json_of(const store::Event& event) {
  std::string text;
  json::Writer json(text);
  write_json(json, event);
  return text;
}

TEST(EventJson, HasTheContractsKeysInTheirOrder) {
  store::Event event;
  event.seq = 7;
  event.id = "id";
  event.ts = 1000;
  event.kind = "task_claimed";
  event.team_id = "team";
  event.task_id = TaskId("task");
  event.agent_id = "agent";
  event.runtime = "codex";
  event.trace_id = "trace";
  event.data = R"({"assigneeAgentId":"agent"})";
  event.tenant_id = "tenant";
  event.previous_seq = 3;
  EXPECT_EQ(json_of(event),
            R"({"seq":7,"id":"id","ts":1000,"kind":"task_claimed","teamId":"team","taskId":"task","agentId":"agent",)"
            R"("runtime":"codex","traceId":"trace","spanId":null,"parentSpanId":null,"correlationId":null,)"
            R"("data":"{\"assigneeAgentId\":\"agent\"}","tenantId":"tenant","createdAt":1000})");
}

TEST(EventJson, WritesNullForWhatIsAbsent) {
  store::Event event;
  event.id = "id";
  event.kind = "error";
  EXPECT_EQ(json_of(event),
            R"({"seq":0,"id":"id","ts":0,"kind":"error","teamId":null,"taskId":null,"agentId":null,"runtime":null,)"
            R"("traceId":null,"spanId":null,"parentSpanId":null,"correlationId":null,"data":"{}","tenantId":null,)"
            R"("createdAt":0})");
}

}  // namespace
}  // namespace baton::events
