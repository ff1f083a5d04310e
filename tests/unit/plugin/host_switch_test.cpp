#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "plugin/host.hpp"
#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

class HostSwitchTest : public PluginTest {
 protected:
  void begin() {
    install("scripted");
    add("one", "test.scripted");
    load();
  }
  // "" when it is done, else the reason.
  std::string turned(bool on, const std::string& name = "one") {
    const auto result = test::run_task(loop, on ? host->enable(name) : host->disable(name));
    return std::string(result ? "" : result.error().reason);
  }
  Description::InstancePart part() { return host->describe().instances.at(0); }
  void restart() {
    shut_down();
    load();
  }
  void crashed_thrice(const std::string& subject) {
    const auto now_s = clock.unix_ms() / 1000;
    std::filesystem::create_directories(directory.path() / "data" / "@host");
    std::ofstream log(directory.path() / "data" / "@host" / "crashes", std::ios::app);
    for (int round = 0; round < 3; ++round) log << now_s << " crash signal-11 run_start " << subject << "\n";
  }
};

TEST_F(HostSwitchTest, OffCancelsTheRunsAndEndsTheInstance) {
  begin();
  KeepingListener listener;
  auto& known = runtime();
  const auto running = start(request("wait"), listener);
  int changes = 0;
  host->on_change([&] { ++changes; });
  EXPECT_EQ(turned(false), "");
  ASSERT_TRUE(listener.outcome);
  EXPECT_EQ(listener.outcome->end, runtime::EndKind::kCancelled);
  EXPECT_EQ(listener.outcome->summary, "cancelled because 5");
  EXPECT_TRUE(host->runtimes().empty());
  EXPECT_GT(changes, 0);
  EXPECT_EQ(part().state, "disabled");
  const auto again = known.start(request("wait"), listener);  // who knew it before is told
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, "disabled");
  EXPECT_EQ(known.id(), "one");
  EXPECT_TRUE(known.capabilities().streaming);
}

TEST_F(HostSwitchTest, OffStaysOffUntilItIsOn) {
  begin();
  EXPECT_EQ(turned(false), "");
  EXPECT_EQ(turned(false), "");
  restart();
  EXPECT_EQ(part().state, "disabled");
  EXPECT_TRUE(host->runtimes().empty());
  EXPECT_EQ(turned(true), "");
  ASSERT_EQ(host->runtimes().size(), 1u);
  EXPECT_TRUE(complete("everything").outcome);
  restart();
  EXPECT_EQ(part().state, "ready");
}

TEST_F(HostSwitchTest, OnLeavesWhatRunsAlone) {
  begin();
  KeepingListener listener;
  const auto running = start(request("wait"), listener);
  EXPECT_EQ(turned(true), "");
  EXPECT_FALSE(listener.outcome);
  EXPECT_EQ(part().runs, 1u);
}

TEST_F(HostSwitchTest, RefusesWithAReason) {
  begin();
  EXPECT_EQ(turned(false, "nobody"), "unknown_runtime");
  EXPECT_EQ(turned(true, "../one"), "unknown_runtime");
  shut_down();
  settings.instances[0].enabled = false;
  load();
  EXPECT_EQ(turned(true), "disabled_by_configuration");
}

TEST_F(HostSwitchTest, OneThatDoesNotComeToRestIsOffAllTheSame) {
  begin();
  KeepingListener listener;
  const auto running = start(request("stuck at the end"), listener);
  EXPECT_EQ(turned(false), "");
  EXPECT_TRUE(listener.outcome);
  EXPECT_EQ(part().state, "disabled");
}

TEST_F(HostSwitchTest, OneThatSaysItHadNoTimeToRestIsDestroyed) {
  begin();
  KeepingListener listener;
  const auto running = start(request("rest with a time-out"), listener);
  EXPECT_EQ(turned(false), "");
  EXPECT_EQ(turned(true), "");
  EXPECT_EQ(complete("destroyed").words(), "destroyed=1");
}

TEST_F(HostSwitchTest, WhatCannotBeKeptIsNotDone) {
  begin();
  const auto own = directory.path() / "data" / "@host";
  std::filesystem::create_directories(own / "disabled.json" / "in the way");
  const auto result = test::run_task(loop, host->disable("one"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kIo);
  EXPECT_EQ(part().state, "ready");
  EXPECT_FALSE(std::filesystem::exists(own / "disabled.json.new"));
}

TEST_F(HostSwitchTest, OnEndsAQuarantineForMisbehaviour) {
  install("scripted");
  add("one", "test.scripted").misbehaviour_limit = 1;
  load();
  complete("finish twice");
  complete("finish twice");
  EXPECT_EQ(part().state, "quarantined");
  EXPECT_EQ(turned(true), "");
  EXPECT_EQ(part().state, "ready");
  EXPECT_EQ(part().misbehaviour.late_call, 0u);
}

TEST_F(HostSwitchTest, ThreeCrashesAreAQuarantineUntilItIsOn) {
  crashed_thrice("one");
  begin();
  EXPECT_EQ(part().state, "quarantined");
  EXPECT_EQ(part().crashes.size(), 3u);
  EXPECT_NE(part().refusal.value().text.find("in run_start"), std::string::npos);
  restart();
  EXPECT_EQ(part().state, "quarantined");
  EXPECT_EQ(turned(true), "");
  EXPECT_EQ(part().state, "ready");
  restart();
  EXPECT_EQ(part().state, "ready");
  EXPECT_TRUE(part().crashes.empty());
}

TEST_F(HostSwitchTest, ALibraryThatCrashedOnLoadingIsNotLoaded) {
  crashed_thrice((directory.path() / "plugins" / "scripted.so").native());
  install("scripted");
  add("one", "scripted");
  load();
  const auto library = host->describe().libraries.at(0);
  ASSERT_TRUE(library.refusal);
  EXPECT_EQ(library.refusal->code, RefusalCode::kQuarantined);
  EXPECT_EQ(part().state, "quarantined");
  EXPECT_EQ(part().crashes.size(), 3u);
  EXPECT_EQ(turned(true), "");
  EXPECT_EQ(part().state, "ready");
}

TEST_F(HostSwitchTest, OneThatIsNamedByItsIdIsTheSame) {
  crashed_thrice((directory.path() / "plugins" / "scripted.so").native());
  begin();
  EXPECT_EQ(part().state, "quarantined");
  EXPECT_EQ(part().crashes.size(), 3u);
  EXPECT_FALSE(host->describe().libraries.at(0).loaded);
  EXPECT_EQ(turned(true), "");
  EXPECT_EQ(part().state, "ready");
  EXPECT_TRUE(part().crashes.empty());
  restart();
  EXPECT_EQ(part().state, "ready");
}

TEST_F(HostSwitchTest, ACrashBehindALinkIsOfTheRealFile) {
  const auto plugins = directory.path() / "plugins";
  std::filesystem::create_directory(directory / "real");
  install("scripted");
  std::filesystem::rename(plugins / "scripted.so", directory / "real" / "mine.so");
  std::filesystem::create_symlink(directory / "real" / "mine.so", plugins / "link.so");
  crashed_thrice((directory / "real" / "mine.so").native());
  add("one", "link");
  load();
  EXPECT_EQ(part().state, "quarantined");
  EXPECT_EQ(part().crashes.size(), 3u);
  EXPECT_EQ(turned(true), "");
  EXPECT_TRUE(part().crashes.empty());
}

TEST_F(HostSwitchTest, WhatHasNotToldItsIdIsLookedAtAgainByIt) {
  install("scripted");
  const auto file = directory.path() / "plugins" / "scripted.so";
  std::filesystem::permissions(file, std::filesystem::perms(0666));
  add("one", "test.scripted");
  load();
  EXPECT_EQ(part().state, "refused");
  EXPECT_EQ(turned(true), "not_found");
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  EXPECT_EQ(turned(true), "");
  EXPECT_EQ(part().state, "ready");
}

TEST_F(HostSwitchTest, OneThatDidNotAnswerIsLookedAtAgainByItsId) {
  install_as("bad_hang", "mine");
  add("one", "test.scripted");
  load();
  EXPECT_EQ(host->describe().libraries.at(0).refusal.value().code, RefusalCode::kProbeTimeout);
  std::filesystem::remove(directory.path() / "plugins" / "mine.so");
  install_as("scripted", "mine");
  EXPECT_EQ(turned(true), "");
  EXPECT_EQ(part().state, "ready");
}

TEST_F(HostSwitchTest, AReasonIsToldAlsoById) {
  install("bad_need");
  add("one", "test.need");
  load();
  EXPECT_EQ(part().refusal.value().code, RefusalCode::kMissingNeed);
  EXPECT_EQ(turned(true), "missing_need");
}

TEST_F(HostSwitchTest, TwoOfOneLibraryAreMendedAtOnce) {
  install_as("bad_major", "mine");
  add("one", "mine", R"({"argv":["true"]})");
  add("two", "mine", R"({"argv":["true"]})");
  load();
  std::filesystem::remove(directory.path() / "plugins" / "mine.so");
  std::filesystem::copy_file(BATON_TEST_COMMAND_PLUGIN, directory.path() / "plugins" / "mine.so");
  std::optional<Result<Unit>> one, two;
  reactor::Scope both(loop);
  both.spawn(test::keep_result(host->enable("one"), &one));
  both.spawn(test::keep_result(host->enable("two"), &two));
  ASSERT_TRUE(test::run_until(loop, [&] { return both.alive() == 0; }));
  EXPECT_TRUE(one.value()) << one->error().what;
  EXPECT_TRUE(two.value()) << two->error().what;
}

TEST_F(HostSwitchTest, WhatIsStillWrongIsRefusedAgain) {
  install("bad_create");
  add("one", "test.create");
  load();
  EXPECT_EQ(part().state, "refused");
  EXPECT_EQ(turned(true), "create_failed");
  EXPECT_EQ(part().state, "refused");
}

TEST_F(HostSwitchTest, ALibraryThatWasMendedIsLookedAtAgain) {
  install_as("bad_major", "mine");
  add("one", "mine");
  load();
  EXPECT_EQ(turned(true), "major");
  std::filesystem::remove(directory.path() / "plugins" / "mine.so");
  install_as("scripted", "mine");
  EXPECT_EQ(turned(true), "");
  EXPECT_EQ(part().state, "ready");
}

TEST_F(HostSwitchTest, AListThatCannotBeReadSwitchesNothingOff) {
  test::write_file(directory.path() / "data" / "@host" / "disabled.json", "{\"one\":true");
  begin();
  EXPECT_EQ(part().state, "ready");
  EXPECT_EQ(turned(false), "");
  restart();
  EXPECT_EQ(part().state, "disabled");
}

}  // namespace
}  // namespace baton::plugin
