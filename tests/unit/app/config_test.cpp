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
  EXPECT_THAT(config->runtimes[0].settings, HasSubstr("\"a.sh\""));
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

TEST_F(ConfigTest, TwoRuntimesNeedTwoNames) {
  EXPECT_THAT(problem("[[runtime]]\nid = \"a\"\nplugin = \"p\"\n[[runtime]]\nid = \"a\"\nplugin = \"p\""),
              HasSubstr("two runtimes are called 'a'"));
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
}

}  // namespace
}  // namespace baton::app
