#include "app/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/support/temp_dir.hpp"

namespace baton::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ConfigTest : public testing::Test {
 protected:
  // Loads `text` as the configuration file, under the given environment.
  Result<Config> load(const std::string& text, std::map<std::string, std::string> environment = {}) {
    test::write_file(directory_ / "baton.toml", text);
    options_.config_file = (directory_ / "baton.toml").string();
    environment.emplace("HOME", "/home/ada");
    return load_config(
        options_,
        [environment](const std::string& name) -> std::optional<std::string> {
          const auto found = environment.find(name);
          return found == environment.end() ? std::nullopt : std::optional(found->second);
        },
        "/opt/baton");
  }

  std::string problem(const std::string& text, std::map<std::string, std::string> environment = {}) {
    const auto config = load(text, std::move(environment));
    return config ? "no problem" : config.error().what;
  }

  test::TempDir directory_;
  Options options_;
};

TEST_F(ConfigTest, HasDefaultsForEverything) {
  const auto config = load("");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->state, "/home/ada/.local/state/baton");
  EXPECT_THAT(config->listen, ElementsAre("127.0.0.1:18790"));
  EXPECT_EQ(config->socket, "/home/ada/.local/state/baton/batond.sock");
  EXPECT_THAT(config->plugin_directories, ElementsAre("/opt/baton/lib/baton/plugins"));
  EXPECT_EQ(config->gate.unverified, "review");
}

TEST_F(ConfigTest, ReadsTheFile) {
  const auto config = load(R"(
state = "/srv/baton"
[server]
listen = ["127.0.0.1:1", "[::1]:2"]
[gate]
command = "./test.sh"
timeout_s = 9
[run]
silence_s = 5
[[runtime]]
id = "alpha"
plugin = "org.baton.command"
[runtime.config]
argv = ["sh", "a.sh"]
)");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->state, "/srv/baton");
  EXPECT_THAT(config->listen, ElementsAre("127.0.0.1:1", "[::1]:2"));
  EXPECT_EQ(config->gate.command, "./test.sh");
  EXPECT_EQ(config->gate.timeout, std::chrono::seconds(9));
  ASSERT_EQ(config->runtimes.size(), 1U);
  EXPECT_EQ(config->runtimes[0].id, "alpha");
  EXPECT_EQ(config->runtimes[0].settings, R"({"argv":["sh","a.sh"]})");
}

TEST_F(ConfigTest, ReadsHowLongOwnersMayBeSilent) {
  using namespace std::chrono_literals;
  EXPECT_EQ(load("")->board.stale_ttl, 60min);
  EXPECT_EQ(load("")->board.sweep, std::nullopt);
  const auto config = load("[board]\nstale_ttl_s = 0.3\nsweep_s = 2");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->board.stale_ttl, 300ms);
  EXPECT_EQ(config->board.sweep, 2s);
  for (const auto* wrong : {"0", "-1", "0.0001", "nan", "inf", "4e7", "\"60\"", "true"}) {
    EXPECT_THAT(problem(std::string("[board]\nstale_ttl_s = ") + wrong), HasSubstr(":2: board.stale_ttl_s")) << wrong;
  }
}

TEST_F(ConfigTest, ReadsHowMuchOfTheLogIsKept) {
  using namespace std::chrono_literals;
  EXPECT_EQ(load("")->events.keep_for, 24h * 30);
  EXPECT_EQ(load("")->events.keep_bytes, 1024LL * 1024 * 1024);
  auto config = load("[events]\nkeep_days = 0\nkeep_mb = 0");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->events.keep_for, 0ms);
  EXPECT_EQ(config->events.keep_bytes, 0);
  config = load("[events]\nkeep_days = 1.5\nkeep_mb = 0.5");
  EXPECT_EQ(config->events.keep_for, 36h);
  EXPECT_EQ(config->events.keep_bytes, 512 * 1024);
  EXPECT_THAT(problem("[events]\nkeep_days = -1"), HasSubstr(":2: events.keep_days"));
  EXPECT_THAT(problem("[events]\nkeep_mb = \"all\""), HasSubstr(":2: events.keep_mb"));
}

TEST_F(ConfigTest, ReadsWhenWorktreesAreCollected) {
  using namespace std::chrono_literals;
  constexpr std::int64_t kMebibyte = 1024 * 1024;
  auto config = load("");
  EXPECT_EQ(config->worktrees.gc_age, 72h);
  EXPECT_EQ(config->worktrees.gc_count, 25u);
  EXPECT_EQ(config->worktrees.gc_bytes, 0);
  EXPECT_EQ(config->worktrees.free_floor, 512 * kMebibyte);
  config = load(
      "[worktrees]\ngc_age_h = 0.5\ngc_count = 0\ngc_bytes_mb = 2\ngc_interval_s = 0.5\nfree_floor_mb = 0\n"
      "salvage_keep_days = 1\nsalvage_max_mb = 3\nignored_max_mb = 0.5");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->worktrees.gc_age, 30min);
  EXPECT_EQ(config->worktrees.gc_count, 0u);
  EXPECT_EQ(config->worktrees.gc_bytes, 2 * kMebibyte);
  EXPECT_EQ(config->worktrees.gc_interval, 500ms);
  EXPECT_EQ(config->worktrees.free_floor, 0);
  EXPECT_EQ(config->worktrees.salvage_keep, 24h);
  EXPECT_EQ(config->worktrees.salvage_max, 3 * kMebibyte);
  EXPECT_EQ(config->worktrees.ignored_max, kMebibyte / 2);
  EXPECT_THAT(problem("[worktrees]\ngc_age_h = -1"), HasSubstr(":2: worktrees.gc_age_h"));
  EXPECT_THAT(problem("[worktrees]\ngc_interval_s = 0"), HasSubstr(":2: worktrees.gc_interval_s"));
  EXPECT_THAT(problem("[worktrees]\ngc = 1"), HasSubstr("worktrees.gc"));
}

TEST_F(ConfigTest, TheLeastFractionIsNotForEver) {
  const auto config = load("[events]\nkeep_days = 1e-12\nkeep_mb = 1e-12");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->events.keep_for, std::chrono::milliseconds(1));
  EXPECT_EQ(config->events.keep_bytes, 1);
}

TEST_F(ConfigTest, ReadsWhatHoldsProcesses) {
  EXPECT_EQ(load("")->processes.cgroup, "auto");
  EXPECT_EQ(load("")->processes.memory_max, 0);
  const auto config = load("[processes]\ncgroup = \"/sys/fs/cgroup/x\"\nmemory_max_mb = 1.5\npids_max = 500");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->processes.cgroup, "/sys/fs/cgroup/x");
  EXPECT_EQ(config->processes.memory_max, 1'572'864);
  EXPECT_EQ(config->processes.pids_max, 500);
  EXPECT_THAT(problem("[processes]\ncgroup = \"on\""), HasSubstr("processes.cgroup"));
  EXPECT_THAT(problem("[processes]\npids_max = 1.5"), HasSubstr("processes.pids_max"));
  EXPECT_THAT(problem("[processes]\nmemory_max_mb = -1"), HasSubstr("processes.memory_max_mb"));
  EXPECT_THAT(problem("[processes]\nmemory = 1"), HasSubstr("memory"));
}

TEST_F(ConfigTest, ReadsWhoMayUseTheSocket) {
  EXPECT_EQ(load("")->socket_mode, 0600U);
  EXPECT_EQ(load("[server]\nsocket_mode = \"0660\"")->socket_mode, 0660U);
  EXPECT_THAT(problem("[server]\nsocket_mode = \"0777\""), HasSubstr("0600, 0660, 0666"));
  EXPECT_THAT(problem("[server]\nsocket_mode = 660"), HasSubstr("must be text"));
}

TEST_F(ConfigTest, APartThatDoesNotNameASettingLeavesIt) {
  test::write_file(directory_ / "conf.d/10.toml", "[server]\nallowed_hosts = []\n[log]\n[board]\n[events]");
  const auto config =
      load("[server]\nsocket_mode = \"0660\"\n[log]\nlevel = \"error\"\n[board]\nsweep_s = 5\n[events]\nkeep_days = 7");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->socket_mode, 0660U);
  EXPECT_EQ(config->log_level, log::Level::kError);
  EXPECT_EQ(config->board.sweep, std::chrono::seconds(5));
  EXPECT_EQ(config->events.keep_for, std::chrono::hours(7 * 24));
}

TEST_F(ConfigTest, PluginsOfTheCommandLineComeBeforeTheOthers) {
  options_.plugin_directories = {"/mine", "/opt/baton/lib/baton/plugins"};
  EXPECT_THAT(load("")->plugin_directories, ElementsAre("/mine", "/opt/baton/lib/baton/plugins"));
  options_.plugin_directories = {"/mine"};
  EXPECT_THAT(load("")->plugin_directories, ElementsAre("/mine", "/opt/baton/lib/baton/plugins"));
  EXPECT_THAT(load("[plugins]\ndirectories = [\"/theirs\"]")->plugin_directories, ElementsAre("/mine", "/theirs"));
}

TEST_F(ConfigTest, PartsInConfDComeAfterTheFile) {
  test::write_file(directory_ / "conf.d/20.toml", "[run]\nsilence_s = 20");
  test::write_file(directory_ / "conf.d/10.toml", "[run]\nsilence_s = 10");
  test::write_file(directory_ / "conf.d/99.bak", "not toml at all");
  EXPECT_EQ(load("[run]\nsilence_s = 1")->run.silence, std::chrono::seconds(20));
}

TEST_F(ConfigTest, AConfDThatCannotBeReadIsSaid) {
  std::filesystem::create_symlink("conf.d", directory_ / "conf.d");
  EXPECT_THAT(problem(""), HasSubstr("conf.d: "));
}

TEST_F(ConfigTest, EnvironmentBeatsTheFileAndTheCommandLineBeatsBoth) {
  EXPECT_EQ(load("state = \"/file\"", {{"BATON_HOME", "/environment"}})->state, "/environment");
  options_.state = "/option";
  EXPECT_EQ(load("state = \"/file\"", {{"BATON_HOME", "/environment"}})->state, "/option");
}

TEST_F(ConfigTest, OlderNamesCountWhereOursAreNotSet) {
  EXPECT_EQ(load("", {{"CLAWBOO_HOME", "/old"}})->state, "/old");
  EXPECT_EQ(load("", {{"CLAWBOO_HOME", "/old"}, {"BATON_HOME", "/new"}})->state, "/new");
  EXPECT_THAT(load("", {{"CLAWBOO_API_PORT", "4711"}})->listen, ElementsAre("127.0.0.1:4711"));
  EXPECT_EQ(load("", {{"CLAWBOO_BOARD_STALE_TTL_MS", "300"}})->board.stale_ttl, std::chrono::milliseconds(300));
  EXPECT_EQ(load("", {{"CLAWBOO_BOARD_STALE_SWEEP_MS", "100"}, {"BATON_BOARD_STALE_SWEEP_MS", "200"}})->board.sweep,
            std::chrono::milliseconds(200));
}

TEST_F(ConfigTest, SystemdsDirectoriesAreUsed) {
  const auto config = load("", {{"STATE_DIRECTORY", "/var/lib/baton"}, {"RUNTIME_DIRECTORY", "/run/baton"}});
  EXPECT_EQ(config->state, "/var/lib/baton");
  EXPECT_EQ(config->socket, "/run/baton/batond.sock");
}

TEST_F(ConfigTest, MistakesNameFileLineAndSetting) {
  const auto file = (directory_ / "baton.toml").string();
  EXPECT_THAT(problem("[gate]\n\ntimout_s = 3"), HasSubstr(file + ":3: unknown setting gate.timout_s"));
  EXPECT_THAT(problem("state = 7"), HasSubstr(file + ":1: state must be text"));
  EXPECT_THAT(problem("[gate\n"), HasSubstr(file + ":1:"));
  EXPECT_THAT(problem("[gate]\nunverified = \"maybe\""), HasSubstr("review, block, done"));
  EXPECT_THAT(problem("[run]\nsilence_s = 0"), HasSubstr("at least 1"));
  EXPECT_THAT(problem("[[runtime]]\nid = \"a\""), HasSubstr("runtime.plugin is missing"));
  EXPECT_THAT(problem("[[runtime]]\nid = \"a/b\"\nplugin = \"p\""), HasSubstr("runtime.id"));
  EXPECT_THAT(problem("[server]\nlisten = \"127.0.0.1:1\""), HasSubstr("a list"));
}

TEST_F(ConfigTest, ReadsWhichServersARuntimeMayReach) {
  const auto config = load("[[runtime]]\nid = \"a\"\nplugin = \"p\"\nnetwork = [\"api.example.com\", \"*.b.org:*\"]");
  ASSERT_TRUE(config) << config.error().what;
  ASSERT_EQ(config->runtimes[0].network.size(), 2u);
  EXPECT_EQ(config->runtimes[0].network[0].host, "api.example.com");
  EXPECT_TRUE(config->runtimes[0].network[1].below);
  EXPECT_TRUE(load("[[runtime]]\nid = \"a\"\nplugin = \"p\"")->runtimes[0].network.empty());
  for (const auto* wrong : {"[\"a b\"]", "[\"*\"]", "[\"\"]", "[\"http://a/x\"]", "[1]", "\"a\"", "true"}) {
    EXPECT_THAT(problem(std::string("[[runtime]]\nid = \"a\"\nplugin = \"p\"\nnetwork = ") + wrong),
                HasSubstr("runtime.network"))
        << wrong;
  }
}

TEST_F(ConfigTest, AnAuthorityThatCannotBeUsedIsAMistake) {
  EXPECT_THAT(problem("[http_client]\nca_file = \"/nowhere/ca.pem\""), HasSubstr("http_client.ca_file"));
  EXPECT_THAT(problem("[http_client]\nca_file = 1"), HasSubstr("http_client.ca_file"));
  EXPECT_THAT(problem("[http_client]\nproxy = \"x\""), HasSubstr("proxy"));
  EXPECT_EQ(load("[http_client]\nca_file = \"\"")->http_ca_file, "");
}

TEST_F(ConfigTest, TwoRuntimesNeedTwoNames) {
  EXPECT_THAT(problem("[[runtime]]\nid = \"a\"\nplugin = \"p\"\n[[runtime]]\nid = \"a\"\nplugin = \"p\""),
              HasSubstr("two runtimes are called 'a'"));
}

TEST_F(ConfigTest, ARuntimeIsGrantedSecretsAndHasARule) {
  const std::string runtime = "[[runtime]]\nid = \"a\"\nplugin = \"p\"\n";
  EXPECT_EQ(load(runtime)->runtimes[0].approvals, "deny");
  EXPECT_TRUE(load(runtime)->runtimes[0].secrets.empty());
  const auto config =
      load(runtime + "approvals = \"allow\"\n[runtime.secrets]\nkey = \"env:KEY\"\nother = \"file:/etc/key\"\n");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->runtimes[0].approvals, "allow");
  EXPECT_THAT(config->runtimes[0].secrets,
              ElementsAre(::testing::Pair("key", "env:KEY"), ::testing::Pair("other", "file:/etc/key")));
  EXPECT_THAT(problem(runtime + "approvals = \"ask\""), HasSubstr("deny, allow"));
  EXPECT_THAT(problem(runtime + "secrets = \"env:KEY\""), HasSubstr("runtime.secrets must be a table of texts"));
  EXPECT_THAT(problem(runtime + "[runtime.secrets]\nkey = 7"), HasSubstr("runtime.secrets must hold only texts"));
}

// Somebody may write the value where its source belongs.
TEST_F(ConfigTest, AValueInThePlaceOfASourceIsNotRepeated) {
  const auto why = problem("[[runtime]]\nid = \"a\"\nplugin = \"p\"\n[runtime.secrets]\nkey = \"sk-0123456789\"");
  EXPECT_THAT(why, HasSubstr("runtime.secrets each must be given as env:NAME"));
  EXPECT_THAT(why, ::testing::Not(HasSubstr("0123456789")));
}

TEST_F(ConfigTest, AFileThatWasNamedMustBeThere) {
  options_.config_file = (directory_ / "nowhere.toml").string();
  const auto config = load_config(
      options_, [](const std::string&) { return std::nullopt; }, "/opt");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().what, HasSubstr("no such file"));
}

TEST_F(ConfigTest, WrongVariablesAreMistakesToo) {
  EXPECT_THAT(problem("", {{"BATON_API_PORT", "99999"}}), HasSubstr("BATON_API_PORT"));
  EXPECT_THAT(problem("", {{"BATON_MAX_FIX_CYCLES", "many"}}), HasSubstr("BATON_MAX_FIX_CYCLES"));
  for (const auto* name : {"BATON_BOARD_STALE_TTL_MS", "CLAWBOO_BOARD_STALE_TTL_MS", "BATON_BOARD_STALE_SWEEP_MS",
                           "CLAWBOO_BOARD_STALE_SWEEP_MS", "BATON_RUN_SILENT_TIMEOUT_MS"}) {
    for (const auto* wrong : {"", "soon", "0", "-1", "2147483648", "1.5", "1 "}) {
      EXPECT_THAT(problem("", {{name, wrong}}), HasSubstr(name)) << wrong;
    }
    EXPECT_EQ(problem("", {{name, "2147483647"}}), "no problem");
  }
}

TEST_F(ConfigTest, SafeModeKnowsTheBuiltInPluginsOnly) {
  options_.plugin_directories = {"/mine"};
  const std::string theirs = "[plugins]\ndirectories = [\"/theirs\"]";
  const auto by_environment = load(theirs, {{"BATON_SAFE_MODE", "1"}});
  EXPECT_TRUE(by_environment->safe_mode);
  EXPECT_THAT(by_environment->plugin_directories, ElementsAre("/opt/baton/lib/baton/plugins"));
  EXPECT_FALSE(load(theirs, {{"BATON_SAFE_MODE", "0"}})->safe_mode);
  EXPECT_THAT(problem("", {{"BATON_SAFE_MODE", "yes"}}), HasSubstr("BATON_SAFE_MODE"));
  options_.safe_mode = true;
  EXPECT_THAT(load(theirs)->plugin_directories, ElementsAre("/opt/baton/lib/baton/plugins"));
}

TEST_F(ConfigTest, ContainmentOfPlugins) {
  const auto usual = load("[[runtime]]\nid = \"a\"\nplugin = \"p\"");
  EXPECT_EQ(usual->stall.limit, std::chrono::seconds(5));
  EXPECT_EQ(usual->stall.then, "log");
  EXPECT_EQ(usual->runtimes.at(0).misbehaviour_limit, 0u);
  const auto set = load(
      "[plugins]\nstall = \"abort\"\nstall_s = 0.5\n[[runtime]]\nid = \"a\"\nplugin = \"p\"\nmisbehaviour_limit = 7");
  ASSERT_TRUE(set) << set.error().what;
  EXPECT_EQ(set->stall.limit, std::chrono::milliseconds(500));
  EXPECT_EQ(set->stall.then, "abort");
  EXPECT_EQ(set->runtimes.at(0).misbehaviour_limit, 7u);
  EXPECT_THAT(problem("[plugins]\nstall = \"kill\""), HasSubstr("plugins.stall"));
  EXPECT_THAT(problem("[plugins]\nstall_s = 0.01"), HasSubstr("plugins.stall_s"));
  EXPECT_THAT(problem("[[runtime]]\nid = \"a\"\nplugin = \"p\"\nmisbehaviour_limit = -1"),
              HasSubstr("misbehaviour_limit"));
}

}  // namespace
}  // namespace baton::app
