#include "plugin/setup_info.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

TEST(SetupInfo, NothingIsNothing) {
  const auto info = setup_from({});
  EXPECT_EQ(info.auth, "none");
  EXPECT_TRUE(info.secret.empty() && info.docs_url.empty() && info.install_argv.empty() && info.login_argv.empty());
}

TEST(SetupInfo, RepairsTextsAndLeavesOutWhatIsTooLong) {
  const std::string long_text(5000, 'x');
  const char* const login[] = {"a\xff", "b", nullptr};
  const std::vector<const char*> many(100, "x");
  std::vector<const char*> install = many;
  install.push_back(nullptr);
  baton_setup_info raw{};
  raw.auth_kind = BATON_AUTH_LOGIN;
  raw.docs_url = long_text.c_str();
  raw.login_argv = login;
  raw.install_argv = install.data();
  const auto info = setup_from(raw);
  EXPECT_EQ(info.auth, "login");
  EXPECT_EQ(info.docs_url, "");
  EXPECT_EQ(info.login_argv, (std::vector<std::string>{"a\xEF\xBF\xBD", "b"}));
  EXPECT_TRUE(info.install_argv.empty());
}

using SetupInfoTest = PluginTest;

TEST_F(SetupInfoTest, AnInstanceTellsIt) {
  install("with_setup");
  add("one", "test.setup");
  load();
  const auto setup = host->describe().instances.at(0).setup;
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->auth, "key");
  EXPECT_EQ(setup->secret, "X_KEY");
  EXPECT_EQ(setup->install_argv, (std::vector<std::string>{"npm", "install", "x"}));
  EXPECT_NE(to_json(host->describe(), "one").find(R"("setup":{"auth":"key","secret":"X_KEY")"), std::string::npos);
}

}  // namespace
}  // namespace baton::plugin
