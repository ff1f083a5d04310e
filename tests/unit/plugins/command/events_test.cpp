#include "command/events.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace command {
namespace {

using baton::plugin::view;

std::string described(const baton_event* head) {
  const auto text = [](baton_str value) { return std::string(view(value)); };
  switch (head->kind) {
    case BATON_EVENT_TEXT: {
      const auto* event = reinterpret_cast<const baton_event_text*>(head);
      return "text" + std::to_string(event->channel) + ":" + text(event->text);
    }
    case BATON_EVENT_TOOL_CALL: {
      const auto* event = reinterpret_cast<const baton_event_tool_call*>(head);
      return "call:" + text(event->call_id) + ":" + text(event->name) + ":" + text(event->args_json);
    }
    case BATON_EVENT_TOOL_RESULT: {
      const auto* event = reinterpret_cast<const baton_event_tool_result*>(head);
      return "result" + std::to_string(event->ok) + ":" + text(event->call_id) + ":" + text(event->text);
    }
    case BATON_EVENT_STATUS: {
      const auto* event = reinterpret_cast<const baton_event_status*>(head);
      return "status" + std::to_string(event->retry_in_ns) + ":" + text(event->text);
    }
    case BATON_EVENT_USAGE: {
      const auto* event = reinterpret_cast<const baton_event_usage*>(head);
      return "usage" + std::to_string(event->cost_basis) + ":" + std::to_string(event->tokens_in) + ":" +
             std::to_string(event->tokens_out) + ":" + std::to_string(event->cost_micros);
    }
    case BATON_EVENT_SESSION: {
      const auto* event = reinterpret_cast<const baton_event_session*>(head);
      return "session:" + text(event->display_id) + ":" + text(event->resume);
    }
    default: return "?";
  }
}

// A reader whose events are kept as one line each.
class EventReaderTest : public ::testing::Test {
 protected:
  EventReaderTest() {
    host_.size = sizeof(host_);
    host_.impl = this;
    table_.size = sizeof(table_);
    table_.emit = [](const baton_host* host, baton_run, const baton_event* event) noexcept {
      static_cast<EventReaderTest*>(host->impl)->seen.push_back(described(event));
      return BATON_OK;
    };
    run = std::make_unique<baton::plugin::Run>(std::make_shared<baton::plugin::Run::Core>(
        baton::plugin::Run::Core{baton::plugin::Runs(baton::plugin::Host(&host_), &table_), baton_run{1}}));
    reader = std::make_unique<EventReader>(*run);
  }

  std::vector<std::string> seen;
  std::unique_ptr<baton::plugin::Run> run;
  std::unique_ptr<EventReader> reader;

 private:
  baton_host host_{};
  baton_host_run table_{};
};

TEST_F(EventReaderTest, ReportsEachKnownType) {
  EXPECT_EQ(reader->take(R"({"type":"text","text":"hello"})"), "hello");
  EXPECT_EQ(reader->take(R"({"type":"text","text":"hm","channel":"reasoning"})"), "");
  reader->take(R"({"type":"tool_call","id":"1","name":"bash","args":{"cmd": "ls"}})");
  reader->take(R"({"type":"tool_call","id":"2","name":"none"})");
  reader->take(R"({"type":"tool_result","id":"1","ok":false,"text":"no"})");
  reader->take(R"({"type":"status","text":"slow","retry_in_s":1.5})");
  reader->take(R"({"type":"usage","tokens_in":3,"cost_usd":0.25})");
  reader->take(R"({"type":"session","id":"s"})");
  EXPECT_EQ(seen,
            (std::vector<std::string>{"text0:hello", "text1:hm", R"(call:1:bash:{"cmd":"ls"})", "call:2:none:{}",
                                      "result0:1:no", "status1500000000:slow", "usage1:3:-1:250000", "session:s:s"}));
}

TEST_F(EventReaderTest, AnythingElseIsText) {
  EXPECT_EQ(reader->take("plain"), "plain\n");
  reader->take(R"({"type":"unheard"})");
  reader->take("[1]");
  reader->take("{\"type\":\"text\",\"text\":\"\xff\"}");
  EXPECT_EQ(reader->take(""), "");
  EXPECT_EQ(seen, (std::vector<std::string>{"text0:plain\n", "text0:{\"type\":\"unheard\"}\n", "text0:[1]\n",
                                            "text0:{\"type\":\"text\",\"text\":\"\xff\"}\n"}));
}

TEST_F(EventReaderTest, NumbersThatCannotBeAreUnknown) {
  reader->take(R"({"type":"usage","tokens_in":-5,"tokens_out":"7","cost_usd":1e300})");
  reader->take(R"({"type":"status","text":"x","retry_in_s":-3})");
  EXPECT_EQ(seen, (std::vector<std::string>{"usage0:-1:-1:-1", "status0:x"}));
}

TEST_F(EventReaderTest, KeepsTheLastResult) {
  EXPECT_FALSE(reader->result());
  reader->take(R"({"type":"result","status":"limit"})");
  EXPECT_EQ(reader->result()->result, std::uint32_t{BATON_RESULT_LIMIT});
  reader->take(R"({"type":"result","status":"failed","error":"quota","retryable":true,"summary":"s"})");
  EXPECT_EQ(reader->result()->error_class, std::uint32_t{BATON_ERROR_QUOTA});
  EXPECT_TRUE(reader->result()->retryable);
  EXPECT_EQ(reader->result()->summary, "s");
  reader->take(R"({"type":"result","status":"great"})");
  EXPECT_EQ(reader->result()->result, std::uint32_t{BATON_RESULT_FAILED});
  EXPECT_EQ(reader->result()->error_class, std::uint32_t{BATON_ERROR_PROTOCOL});
}

}  // namespace
}  // namespace command
