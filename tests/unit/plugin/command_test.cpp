// The real `command` plugin, loaded as the daemon loads it, with shell scripts for agents.
#include <chrono>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CommandTest : public PluginTest {
 protected:
  CommandTest() { install_command(); }

  // Adds an instance whose agent is `script`; `more` is further configuration, as `"key":value,`.
  void add_script(const std::string& name, const std::string& script, const std::string& more = "") {
    std::string config = "{" + more;
    std::string argv;
    json::Writer(argv).value(std::vector<std::string>{"/bin/sh", "-c", script});
    config += "\"argv\":" + argv + "}";
    add(name, "org.baton.command", config);
  }
  KeepingListener outcome_of(const std::string& script, const std::string& more = "") {
    add_script("agent", script, more);
    load();
    return complete("do it");
  }
};

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

TEST_F(CommandTest, TheLastLinesBecomeTheSummary) {
  const auto heard = outcome_of("echo first; echo second; echo trouble >&2");
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kSuccess);
  EXPECT_EQ(heard.outcome->summary, "first\nsecond");
  EXPECT_EQ(heard.outcome->detail, "trouble");
  EXPECT_THAT(heard.events, ElementsAre("text first\n", "text second\n"));
}

TEST_F(CommandTest, TwoInstancesAreTwoRuntimes) {
  add_script("writer", "echo writer here");
  add_script("reviewer", "echo reviewer here");
  load();
  EXPECT_EQ(complete("x", 0).outcome->summary, "writer here");
  EXPECT_EQ(complete("x", 1).outcome->summary, "reviewer here");
  EXPECT_EQ(runtime(0).id() + runtime(1).id(), "writerreviewer");
}

TEST_F(CommandTest, TheProgramLearnsItsTask) {
  auto what = request("turn");
  what.prompt_system = "system";
  what.prompt_context = "context";
  what.model = "m1";
  what.env = {{"EXTRA", "from the run"}, {"OWN", "from the run"}};
  add_script(
      "agent",
      "cat; echo; echo $BATON_TASK $BATON_AGENT $BATON_ATTEMPT $BATON_MODEL $EXTRA $OWN {task}; pwd; echo $BATON_CWD",
      R"("env":{"OWN":"of {agent}","EMPTY":""},)");
  load();
  KeepingListener listener;
  const auto running = start(what, listener);
  ASSERT_TRUE(ends(listener));
  const std::string cwd = directory / "work";
  EXPECT_EQ(listener.words(),
            "system\n\ncontext\n\nturn\nt1 ada 1 m1 from the run from the run t1\n" + cwd + "\n" + cwd + "\n");
}

TEST_F(CommandTest, TheDaemonsOwnVariablesAreNotHandedOn) {
  ASSERT_EQ(::setenv("BATON_TEST_SECRET", "hush", 1), 0);
  const auto heard = outcome_of("env");
  ::unsetenv("BATON_TEST_SECRET");
  EXPECT_EQ(heard.words().find("hush"), std::string::npos);
  EXPECT_THAT(heard.words(), HasSubstr("PATH="));
}

TEST_F(CommandTest, JsonLinesAreEvents) {
  const auto heard = outcome_of(R"(
    echo '{"type":"session","id":"s","resume":"tok"}'
    echo '{"type":"text","text":"working"}'
    echo '{"type":"tool_call","id":"1","name":"bash","args":{"cmd":"ls"}}'
    echo '{"type":"tool_result","id":"1","ok":true,"text":"file"}'
    echo 'not json'
    echo '{"type":"usage","tokens_in":10,"tokens_out":5,"cost_usd":0.5}'
    echo '{"type":"result","status":"limit","summary":"out of turns"}')",
                                R"("events":"jsonl",)");
  EXPECT_THAT(heard.events, ElementsAre("session s tok", "text working", R"(call 1 bash {"cmd":"ls"})",
                                        "result 1 true file", "text not json\n", "usage false 10 -1 5 -1 500000"));
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kLimit);
  EXPECT_EQ(heard.outcome->summary, "out of turns");
}

TEST_F(CommandTest, WithoutAResultLineTheExitDecides) {
  const auto heard = outcome_of(R"(echo '{"type":"text","text":"all well"}')", R"("events":"jsonl",)");
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kSuccess);
  EXPECT_EQ(heard.outcome->summary, "all well");
}

TEST_F(CommandTest, ASaidSuccessWithABadExitIsAFailure) {
  const auto heard = outcome_of(R"(echo '{"type":"result","status":"success"}'; exit 3)", R"("events":"jsonl",)");
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kFailed);
  EXPECT_EQ(heard.outcome->error_class, runtime::ErrorClass::kCrashed);
}

TEST_F(CommandTest, ASaidFailureKeepsItsClass) {
  const auto heard = outcome_of(
      R"(echo '{"type":"result","status":"failed","error":"quota","retryable":true}'; exit 1)", R"("events":"jsonl",)");
  EXPECT_EQ(heard.outcome->error_class, runtime::ErrorClass::kQuota);
  EXPECT_TRUE(heard.outcome->retryable);
}

TEST_F(CommandTest, AFailureTellsHowAndWhat) {
  const auto heard = outcome_of("echo oh no >&2; exit 7");
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kFailed);
  EXPECT_EQ(heard.outcome->error_class, runtime::ErrorClass::kCrashed);
  EXPECT_EQ(heard.outcome->detail, "the program exited with status 7\noh no");
}

TEST_F(CommandTest, ASignalIsAFailure) {
  EXPECT_EQ(outcome_of("kill -SEGV $$").outcome->detail, "the program was ended by signal 11");
}

TEST_F(CommandTest, AMissingProgramIsNotInstalled) {
  add("agent", "org.baton.command", R"({"argv":["no-such-program-at-all"]})");
  load();
  const auto heard = complete("x");
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kFailed);
  EXPECT_EQ(heard.outcome->error_class, runtime::ErrorClass::kNotInstalled);
  EXPECT_EQ(heard.outcome->detail, "program no-such-program-at-all was not found");
}

TEST_F(CommandTest, CancelEndsAProgramThatIgnoresTerm) {
  add_script("agent", "trap '' TERM; echo ready; while :; do sleep 0.05; done");
  settings.instances[0].cancel = std::chrono::seconds(2);
  load();
  KeepingListener listener;
  const auto running = start(request("x"), listener);
  ASSERT_TRUE(test::run_until(loop, [&] { return !listener.events.empty(); }));
  running->cancel(runtime::CancelReason::kUser);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.outcome->end, runtime::EndKind::kCancelled);
  EXPECT_EQ(misbehaviour().missing_end, 0u);  // the plugin finished it in time
}

TEST_F(CommandTest, ItsOwnTimeoutIsATimeout) {
  const auto heard = outcome_of("echo begun; exec sleep 60", R"("timeout_s":1,)");
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kFailed);
  EXPECT_EQ(heard.outcome->error_class, runtime::ErrorClass::kTimeout);
  EXPECT_EQ(heard.outcome->detail, "the program took longer than 1 s");
}

TEST_F(CommandTest, AHugeLineComesWhole) {
  const auto heard = outcome_of("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end");
  EXPECT_EQ(heard.words(), std::string(3'000'000, 'x') + "\nend\n");
  EXPECT_LE(heard.outcome->summary.size(), 4000u);
  EXPECT_TRUE(heard.outcome->summary.ends_with("x\nend"));
}

TEST_F(CommandTest, AHugeEventIsLeftOutAndSaid) {
  const auto heard = outcome_of("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end", R"("events":"jsonl",)");
  EXPECT_THAT(heard.events, ElementsAre("status a line of more than 1 MiB was left out 0", "text end\n"));
}

TEST_F(CommandTest, BrokenUtf8IsRepaired) {
  const auto heard = outcome_of("printf 'a\\377b\\n'");
  EXPECT_EQ(heard.words(),
            "a\xEF\xBF\xBD"
            "b\n");
  EXPECT_TRUE(text::is_utf8(heard.outcome->summary));
}

TEST_F(CommandTest, APromptOfOneMebibyteArrivesOnStdin) {
  add_script("agent", "wc -c");
  load();
  EXPECT_THAT(complete(std::string(1024 * 1024, 'p')).outcome->summary, HasSubstr("1048576"));
}

TEST_F(CommandTest, APromptThatNobodyReadsIsNoError) {
  add_script("agent", "exec echo done");
  load();
  const auto heard = complete(std::string(1024 * 1024, 'p'));
  EXPECT_EQ(heard.outcome->end, runtime::EndKind::kSuccess);
  EXPECT_EQ(heard.outcome->summary, "done");
}

TEST_F(CommandTest, APromptCanBeAnArgument) {
  add("placed", "org.baton.command", R"({"argv":["/bin/echo","<{prompt}>"],"prompt":"argument"})");
  add("appended", "org.baton.command", R"({"argv":["/bin/echo","-n"],"prompt":"argument"})");
  load();
  EXPECT_EQ(complete("say {task} it", 0).outcome->summary, "<say {task} it>");
  EXPECT_EQ(complete("say it", 1).outcome->summary, "say it");
  const auto heard = complete(std::string(200 * 1024, 'p'), 1);
  EXPECT_EQ(heard.outcome->error_class, runtime::ErrorClass::kConfig);
  EXPECT_THAT(heard.outcome->detail, HasSubstr("set \"prompt\" to \"stdin\""));
}

TEST_F(CommandTest, AHeldRunIsNotRead) {
  add_script("agent", "echo first; head -c 1000000 /dev/zero | tr '\\0' x; echo; echo last");
  load();
  KeepingListener listener;
  const auto running = start(request("x"), listener);
  running->hold(true);
  for (int turn = 0; turn < 20; ++turn) loop.context().run_one_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(listener.events.empty());
  running->hold(false);
  ASSERT_TRUE(ends(listener));
  EXPECT_TRUE(listener.words().ends_with("x\nlast\n"));
}

TEST_F(CommandTest, NoMoreRunsThanConfigured) {
  add_script("agent", "cat >/dev/null; exec sleep 60", R"("max_runs":1,)");
  load();
  KeepingListener one, other;
  const auto running = start(request("x"), one);
  const auto refused = runtime().start(request("x"), other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnavailable);
  running->cancel(runtime::CancelReason::kUser);
  ASSERT_TRUE(ends(one));
  KeepingListener third;
  EXPECT_TRUE(runtime().start(request("x"), third));
}

TEST_F(CommandTest, ManyRunsLeaveNothingBehind) {
  add_script("agent", "cat; echo $BATON_TASK");
  load();
  complete("warm up");
  const auto before = open_descriptors();
  for (int round = 0; round < 10; ++round) {
    std::vector<KeepingListener> listeners(8);
    std::vector<std::unique_ptr<runtime::Run>> running;
    for (auto& listener : listeners) running.push_back(start(request("p"), listener));
    for (const auto& listener : listeners) ASSERT_TRUE(ends(listener));
  }
  const auto instance = host->describe().instances[0];
  EXPECT_EQ(instance.runs + instance.processes + instance.timers + instance.file_operations, 0u);
  EXPECT_EQ(misbehaviour().total(), 0u);
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace baton::plugin
