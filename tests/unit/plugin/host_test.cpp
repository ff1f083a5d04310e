#include "plugin/host.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_reader.hpp"
#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class HostTest : public PluginTest {
 protected:
  std::string refused(std::size_t index) {
    const auto part = host->describe().instances.at(index);
    return part.refusal ? std::string(to_text(part.refusal->code)) + ": " + part.refusal->text : "ready";
  }
};

TEST_F(HostTest, MakesRuntimesInTheOrderOfTheConfiguration) {
  install_command();
  add("second", "org.baton.command", R"({"argv":["sh"],"name":"The Second"})");
  add("first", "command.so", R"({"argv":["sh"]})");
  add("third", "command", R"({"argv":["sh"]})");
  load();
  ASSERT_EQ(host->runtimes().size(), 3u);
  EXPECT_EQ(runtime(0).id(), "second");
  EXPECT_EQ(runtime(0).name(), "The Second");
  EXPECT_EQ(runtime(1).id(), "first");
  EXPECT_EQ(runtime(1).name(), "Command");
  EXPECT_TRUE(runtime(2).health().ready);
  EXPECT_TRUE(host->describe().libraries.at(0).loaded);
}

TEST_F(HostTest, EachRefusalHasItsReason) {
  install_command();
  install("bad_create");
  install("good");
  add("unknown", "test.unknown");
  add("off", "org.baton.command").enabled = false;
  add("misfit", "org.baton.command", R"({"argv":[1]})");
  add("unreadable", "org.baton.command", "{");
  add("wrong", "org.baton.command", R"({"argv":["{nope}"]})");
  add("../up", "org.baton.command", R"({"argv":["sh"]})");
  add("twice", "org.baton.command", R"({"argv":["sh"]})");
  add("twice", "org.baton.command", R"({"argv":["sh"]})");
  add("unwilling", "test.create");
  add("useless", "test.good");
  load();
  EXPECT_EQ(host->runtimes().size(), 1u);
  EXPECT_EQ(refused(0).find("not_found: there is no plugin test.unknown in "), 0u) << refused(0);
  EXPECT_EQ(refused(1), "disabled: disabled by the configuration");
  EXPECT_EQ(refused(2), "create_failed: argv[0]: must be of type string, not number");
  EXPECT_EQ(refused(3).find("create_failed: the configuration is not JSON"), 0u) << refused(3);
  EXPECT_EQ(refused(4), "create_failed: argv[0]: unknown placeholder {nope}; write {{nope}} for the text itself");
  EXPECT_EQ(refused(5), "create_failed: \"../up\" cannot be the name of a runtime");
  EXPECT_EQ(refused(6), "ready");
  EXPECT_EQ(refused(7), "duplicate_id: another instance has this name already");
  EXPECT_EQ(refused(8), "create_failed: not on a Monday");
  EXPECT_EQ(refused(9), "bad_descriptor: it offers no table that this daemon uses");
}

TEST_F(HostTest, ACreateThatCrashesOrHangsDoesSoElsewhere) {
  install("bad_create_crash");
  install("bad_create_hang");
  install_command();
  add("crashes", "test.create-crash");
  add("hangs", "test.create-hang");
  add("works", "org.baton.command", R"({"argv":["sh"]})");
  load();
  EXPECT_EQ(refused(0), "probe_crash: making an instance ended the probe by signal 6");
  EXPECT_EQ(refused(1), "probe_timeout: making an instance did not end within its time");
  EXPECT_EQ(refused(2), "ready");
}

TEST_F(HostTest, AnInstanceOfARefusedLibraryIsRefusedForItsReason) {
  install("bad_major");
  add("one", "bad_major");
  load();
  EXPECT_EQ(refused(0), "major: built for ABI 2, this daemon has 1");
}

TEST_F(HostTest, AMissingProgramIsSaidBeforeAnyRun) {
  install_command();
  add("one", "org.baton.command", R"({"argv":["no-such-program-at-all"]})");
  load();
  EXPECT_TRUE(runtime().health().probed);
  EXPECT_FALSE(runtime().health().ready);
  EXPECT_NE(runtime().health().hint.find("no-such-program-at-all was not found"), std::string::npos);
}

TEST_F(HostTest, CapabilitiesAreWhatThePluginSays) {
  install_command();
  add("plain", "org.baton.command", R"({"argv":["sh"],"worktree":false,"max_runs":2,"version":"7"})");
  add("rich", "org.baton.command", R"({"argv":["sh","{model}"],"events":"jsonl"})");
  load();
  const auto& plain = runtime(0).capabilities();
  EXPECT_EQ(plain.integration, runtime::Integration::kProgramPerRun);
  EXPECT_TRUE(plain.streaming);
  EXPECT_FALSE(plain.worktree || plain.tool_events || plain.resume || plain.model_select);
  EXPECT_EQ(plain.max_runs, 2u);
  EXPECT_EQ(plain.facts, (std::vector<std::string>{"version=7", "program=sh"}));
  EXPECT_EQ(runtime(0).health().version, "7");
  const auto& rich = runtime(1).capabilities();
  EXPECT_TRUE(rich.worktree && rich.tool_events && rich.resume && rich.model_select && rich.usage_tokens &&
              rich.usage_cost);
}

TEST_F(HostTest, GivesEachInstanceAPrivateDirectory) {
  install_command();
  add("one", "org.baton.command", R"({"argv":["sh"]})");
  load();
  const auto status = std::filesystem::status(directory.path() / "data" / "one");
  EXPECT_EQ(status.permissions(), std::filesystem::perms(0700));
}

TEST_F(HostTest, TheDescriptionIsJson) {
  install_command();
  install("bad_crash");
  add("one", "org.baton.command", R"({"argv":["sh"]})");
  load();
  const auto document = json::Document::parse(to_json(host->describe()));
  ASSERT_TRUE(document);
  EXPECT_EQ(json::member(document->root(), "libraries")->get_array().size(), 2u);
  const auto instance = json::member(document->root(), "instances")->get_array().at(0).value();
  EXPECT_EQ(json::text(instance, "name"), "one");
  EXPECT_TRUE(json::member(instance, "refusal")->is_null());
  EXPECT_EQ(json::integer(*json::member(instance, "misbehaviour"), "staleHandle"), 0);
}

TEST_F(HostTest, ShutDownEndsTheRunsFirst) {
  install("scripted");
  add("one", "test.scripted");
  load();
  KeepingListener listener;
  const auto running = start(request("wait"), listener);
  shut_down();
  ASSERT_TRUE(listener.outcome);
  EXPECT_EQ(listener.outcome->end, runtime::EndKind::kCancelled);
  EXPECT_EQ(listener.outcome->summary, "cancelled because 4");
}

TEST_F(HostTest, APluginThatDoesNotComeToRestDoesNotHoldTheDaemon) {
  install("scripted");
  add("one", "test.scripted");
  load();
  KeepingListener listener;
  const auto running = start(request("stuck at the end"), listener);
  shut_down();
  EXPECT_TRUE(listener.outcome);
}

TEST_F(HostTest, TooMuchMisbehaviourIsQuarantine) {
  install("scripted");
  add("one", "test.scripted").misbehaviour_limit = 3;
  load();
  int rounds = 0;
  for (; refused(0) == "ready" && rounds < 10; ++rounds) complete("finish twice");
  EXPECT_LE(rounds, 4);
  EXPECT_THAT(refused(0), StartsWith("quarantined: it broke the rules "));
  EXPECT_THAT(refused(0), HasSubstr("misbehaviour_limit is 3; `baton plugin enable one` lets it run again"));
  EXPECT_FALSE(runtime().health().ready);
  KeepingListener listener;
  const auto again = runtime().start(request("everything"), listener);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, "quarantined");
}

}  // namespace
}  // namespace baton::plugin
