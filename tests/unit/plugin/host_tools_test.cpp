#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/tool_service.hpp"
#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

using ::testing::ElementsAre;

constexpr const char* kKey = "sk-test-0123456789";

// "key" gives a secret, "echo" gives its arguments back, "large" a lot of text, "wait" nothing at all.
class Bench final : public ToolService {
 public:
  explicit Bench(reactor::Loop& loop) : loop_(loop) {}
  std::string list(const ToolScope& scope) override {
    ++lists;
    return "[{\"name\":\"" + scope.agent + "\"}]";
  }
  std::unique_ptr<ToolCall> call(const ToolScope& scope, std::string_view name, std::string_view args,
                                 std::function<void(ToolResult)> on_result) override {
    ++calls;
    seen = scope;
    const std::string text = name == "key"     ? "the key is " + std::string(kKey)
                             : name == "large" ? "begin" + std::string(400'000, '.') + "end"
                                               : std::string(args);
    if (name != "wait") loop_.post([on_result, text] { on_result({true, text}); });
    return std::make_unique<Open>(*this);
  }
  struct Open final : ToolCall {
    explicit Open(Bench& at) : bench(at) {}
    ~Open() override { ++bench.over; }
    Bench& bench;
  };
  int lists = 0, calls = 0, over = 0;
  ToolScope seen;

 private:
  reactor::Loop& loop_;
};

class HostToolsTest : public PluginTest {
 protected:
  HostToolsTest() {
    install("asks");
    add("one", "test.asks");
    settings.tools = &bench;
  }
  std::size_t open() { return host->describe().instances.at(0).tool_calls; }
  Bench bench{loop};
};

TEST_F(HostToolsTest, TheListIsTheSameForTheLifeOfARun) {
  load();
  const std::string once = R"(list=0 tools=[{"name":"ada"}] out=-1 )";
  EXPECT_EQ(complete("list").words(), once + once);
  EXPECT_EQ(bench.lists, 1);
  complete("list");
  EXPECT_EQ(bench.lists, 2);
}

TEST_F(HostToolsTest, ACallIsTheRunsBusinessAndItsRecord) {
  load();
  const auto heard = complete(R"(call echo {"a": 1})");
  EXPECT_THAT(heard.events,
              ElementsAre(R"(call host-1 echo {"a": 1})", "text call=0 ", R"(result host-1 true {"a": 1})",
                          "text ok=1 ", "text size=8 ", R"(text text={"a": 1} )", "text close=-3 "));
  EXPECT_EQ(bench.seen.runtime + " " + bench.seen.agent + " " + bench.seen.task + " " + bench.seen.attempt,
            "one ada t1 1");
  EXPECT_EQ(bench.seen.cwd, (directory / "work").native());
  EXPECT_EQ(open(), 0u);
  EXPECT_EQ(bench.over, 1);
}

TEST_F(HostToolsTest, NoArgumentsAreAnEmptyObject) {
  load();
  EXPECT_EQ(complete("call echo").words(), "call=0 ok=1 size=2 text={} close=-3 ");
}

TEST_F(HostToolsTest, ALongTextKeepsItsEnds) {
  load();
  const auto heard = complete("call large");
  ASSERT_EQ(heard.events.at(2).find("result host-1 true begin..."), 0u);
  EXPECT_TRUE(heard.events.at(2).ends_with("...end"));
  EXPECT_NE(heard.events.at(2).find("bytes are left out"), std::string::npos);
  EXPECT_LT(heard.events.at(2).size(), kToolText + 200);
}

TEST_F(HostToolsTest, ABlockedToolIsAResultAndNotCalled) {
  load();
  auto blocking = request("call echo");
  blocking.blocked_tools = {"echo"};
  KeepingListener listener;
  const auto running = start(blocking, listener);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.words(), "call=0 ok=0 size=33 text=This agent may not use this tool. close=-3 ");
  EXPECT_EQ(bench.calls, 0);
}

TEST_F(HostToolsTest, WithoutAServiceThereAreNone) {
  settings.tools = nullptr;
  load();
  const std::string once = "list=0 tools=[] out=-1 ";
  EXPECT_EQ(complete("list").words(), once + once);
  EXPECT_EQ(complete("call echo").words(), "call=0 ok=0 size=24 text=There are no tools here. close=-3 ");
}

TEST_F(HostToolsTest, EightAtOnceAndTheEndOfTheRunBreaksThemOff) {
  load();
  const auto heard = complete("many calls");
  EXPECT_EQ(heard.words(), "called=8 close=0 again=-3 ");
  for (int call = 1; call <= 8; ++call) {
    const auto result = "result host-" + std::to_string(call) + " false broken off";
    EXPECT_EQ(std::ranges::count(heard.events, result), 1) << call;
  }
  EXPECT_EQ(bench.over, 8);
  EXPECT_EQ(open(), 0u);
}

TEST_F(HostToolsTest, ASecretInAResultIsMasked) {
  ::setenv("BATON_TEST_KEY", kKey, 1);
  settings.instances[0].secrets = {{"api_key", "env:BATON_TEST_KEY"}};
  load();
  ::unsetenv("BATON_TEST_KEY");
  const auto heard = complete("call key");
  EXPECT_EQ(heard.words(), "call=0 ok=1 size=19 text=the key is [secret] close=-3 ");
  EXPECT_THAT(heard.events, ::testing::Contains("result host-1 true the key is [secret]"));
}

TEST_F(HostToolsTest, OnlySoMuchOfThemWaitsToBeHeard) {
  load();
  const auto heard = complete("close large calls");
  EXPECT_EQ(heard.words(), "called=15 then=-5 ");
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kSuccess);
}

TEST_F(HostToolsTest, SmallOnesCountWithWhatTheyOccupy) {
  load();
  const auto heard = complete("close small calls");
  EXPECT_GT(heard.events.size() * sizeof(runtime::Event), 8u * 1024 * 1024);
  EXPECT_LT(heard.events.size() * sizeof(runtime::Event), 17u * 1024 * 1024);
}

TEST_F(HostToolsTest, TheListOutlivesTheEndOfTheRun) {
  load();
  EXPECT_EQ(complete("list after end").outcome->end, runtime::EndKind::kSuccess);
}

TEST_F(HostToolsTest, CallsThatBreakTheContractAreRefused) {
  load();
  EXPECT_EQ(complete("bad calls").words(), "name=-1 json=-1 array=-1 callback=-1 out=-1 run=-3 huge=-5 ");
  EXPECT_EQ(misbehaviour().broken_struct, 5u);
  EXPECT_EQ(misbehaviour().stale_handle, 1u);
  EXPECT_EQ(bench.calls, 0);
}

}  // namespace
}  // namespace baton::plugin
